package dev.rookery.extension;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record of a leaderboard. Exactly one of {@code userId} and {@code label} is set.
 *
 * @param subscore decides between equal scores; 0 if there is none
 * @param submissions how many scores it has received
 */
public record ScoreRecord(
    long id,
    long leaderboardId,
    @Nullable Long userId,
    @Nullable String label,
    long score,
    long subscore,
    long submissions,
    Map<String, Object> metadata,
    Instant insertedAt,
    Instant updatedAt) {}
