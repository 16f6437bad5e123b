package dev.rookery.extension;

import java.time.Instant;

/**
 * An achievement that a player has unlocked. Created by the server alone; later versions may add
 * components.
 */
public record AchievementUnlocked(long userId, long achievementId, int progress, Instant at) {}
