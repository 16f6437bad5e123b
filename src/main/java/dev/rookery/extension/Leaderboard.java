package dev.rookery.extension;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One season of a leaderboard.
 *
 * @param slug shared by all seasons
 * @param startsAt from when the slug means this season; null for at once
 * @param endsAt from when scores are refused; null for never
 * @param reset when the next season begins by itself, as a cron expression in UTC; null for never
 */
public record Leaderboard(
    long id,
    String slug,
    String title,
    @Nullable String description,
    SortOrder sortOrder,
    Operator operator,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    Map<String, Object> metadata,
    @Nullable String reset) {
  /** Which scores are better. */
  public enum SortOrder {
    /** Lower ones. */
    ASC,
    /** Higher ones. */
    DESC
  }

  /** What a score does to the record of its player. */
  public enum Operator {
    /** Replaces it. */
    SET,
    /** Replaces it if it is better. */
    BEST,
    /** Is added. */
    INCR,
    /** Is subtracted. */
    DECR
  }
}
