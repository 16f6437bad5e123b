package dev.rookery.extension;

/**
 * How many players have unlocked an achievement. Created by the server alone; later versions may
 * add components.
 *
 * @param unlockedPercent of all players, from 0 to 100
 */
public record AchievementStatistics(
    Achievement achievement, long unlocked, double unlockedPercent) {}
