package dev.rookery.extension;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An achievement as a player sees it.
 *
 * @param achievement with its texts masked if it is hidden and the player has not unlocked it
 * @param unlockedAt null until it is unlocked
 */
public record AchievementStatus(
    Achievement achievement, int progress, @Nullable Instant unlockedAt) {}
