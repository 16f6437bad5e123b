package dev.rookery.leaderboard;

import dev.rookery.base.Limits;

/**
 * Settings of leaderboards.
 *
 * @param boardsMax boards that admins may create, seasons included
 */
public record LeaderboardSettings(Limits limits, int boardsMax, IndexSettings index) {}
