package dev.rookery.extension;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a leaderboard is created with; see {@link Leaderboard}.
 *
 * <pre>{@code
 * LeaderboardSettings.named("weekly", "Best of the week").withReset("0 0 * * 1")
 * }</pre>
 */
public record LeaderboardSettings(
    String slug,
    String title,
    @Nullable String description,
    Leaderboard.SortOrder sortOrder,
    Leaderboard.Operator operator,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    @Nullable Map<String, Object> metadata,
    @Nullable String reset) {
  /** The highest score of each player wins; without an end. */
  public static LeaderboardSettings named(String slug, String title) {
    return new LeaderboardSettings(
        slug,
        title,
        null,
        Leaderboard.SortOrder.DESC,
        Leaderboard.Operator.BEST,
        null,
        null,
        null,
        null);
  }

  public LeaderboardSettings withDescription(@Nullable String text) {
    return new LeaderboardSettings(
        slug, title, text, sortOrder, operator, startsAt, endsAt, metadata, reset);
  }

  public LeaderboardSettings ordered(Leaderboard.SortOrder order, Leaderboard.Operator by) {
    return new LeaderboardSettings(
        slug, title, description, order, by, startsAt, endsAt, metadata, reset);
  }

  public LeaderboardSettings between(@Nullable Instant start, @Nullable Instant end) {
    return new LeaderboardSettings(
        slug, title, description, sortOrder, operator, start, end, metadata, reset);
  }

  public LeaderboardSettings withMetadata(@Nullable Map<String, Object> object) {
    return new LeaderboardSettings(
        slug, title, description, sortOrder, operator, startsAt, endsAt, object, reset);
  }

  /**
   * @param cron in UTC; null for a board whose seasons do not follow each other by themselves
   */
  public LeaderboardSettings withReset(@Nullable String cron) {
    return new LeaderboardSettings(
        slug, title, description, sortOrder, operator, startsAt, endsAt, metadata, cron);
  }
}
