package dev.rookery.achievement;

import dev.rookery.base.AchievementId;
import dev.rookery.base.PlayerId;
import org.jspecify.annotations.Nullable;

/**
 * How far a player is with an achievement.
 *
 * @param unlockedMs null until it is unlocked
 */
public record PlayerAchievement(
    long id,
    PlayerId player,
    AchievementId achievement,
    int progress,
    @Nullable Long unlockedMs,
    long createdMs,
    long updatedMs) {}
