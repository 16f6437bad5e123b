package dev.rookery.leaderboard;

import dev.rookery.base.BoardId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One season of a leaderboard. Times are milliseconds since the Unix epoch.
 *
 * @param slug shared by all seasons of a leaderboard
 * @param startsMs when the slug begins to mean this season; null for at once
 * @param endsMs from when on submissions are refused; null for never
 * @param reset cron expression in UTC; when the season ends, the next one begins. Null for a board
 *     without further seasons
 */
public record Board(
    BoardId id,
    String slug,
    String title,
    @Nullable String description,
    SortOrder sortOrder,
    Operator operator,
    @Nullable Long startsMs,
    @Nullable Long endsMs,
    Map<String, Object> metadata,
    @Nullable String reset,
    long createdMs,
    long updatedMs) {
  /** Which scores are better. */
  public enum SortOrder {
    /** Lower scores are better. */
    ASC,
    /** Higher scores are better. */
    DESC;

    /** The number by which records are sorted ascending, best first; its own inverse. */
    long orderKey(long score) {
      return this == ASC ? score : ~score;
    }
  }

  /** What a submission does to a record that exists. */
  public enum Operator {
    /** Replaces the score. */
    SET,
    /** Keeps the better score. */
    BEST,
    /** Adds to the score. */
    INCR,
    /** Subtracts from the score. */
    DECR
  }

  /** Whether the season has not ended. */
  public boolean isActive(long nowMs) {
    return endsMs == null || endsMs > nowMs;
  }

  /** Whether the slug may mean this season: it has begun and has not ended. */
  public boolean isCurrent(long nowMs) {
    return isActive(nowMs) && (startsMs == null || startsMs <= nowMs);
  }
}
