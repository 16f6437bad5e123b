package dev.rookery.leaderboard;

import dev.rookery.base.Limits;

/**
 * Settings of leaderboards.
 *
 * @param boardsMax maximum number of boards, past seasons of recurring ones not included
 */
public record LeaderboardSettings(Limits limits, int boardsMax, IndexSettings index) {}
