package dev.rookery.achievement;

/**
 * A definition, and how many players have unlocked it.
 *
 * @param unlockedPercent of all players, from 0 to 100
 */
public record AchievementStatistics(
    Achievement achievement, long unlocked, double unlockedPercent) {}
