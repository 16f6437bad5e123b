package dev.rookery.achievement;

import org.jspecify.annotations.Nullable;

/**
 * An achievement as a player sees it.
 *
 * @param achievement with its texts masked if the player may not know them
 * @param progress from 0 to the target
 * @param unlockedMs null if the player has not unlocked it
 */
public record AchievementStatus(Achievement achievement, int progress, @Nullable Long unlockedMs) {}
