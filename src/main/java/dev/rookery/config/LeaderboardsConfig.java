package dev.rookery.config;

import java.time.Duration;

/**
 * Leaderboards and their indexes in memory.
 *
 * @param boardsMax maximum number of boards, past seasons of recurring ones not included
 * @param indexBytesMax memory of all indexes of a node together; 0 for none
 * @param indexIdleFor time without a read after which an index is dropped
 */
public record LeaderboardsConfig(
    @Setting(max = 1_000_000) int boardsMax,
    @Setting(min = 0, max = Integer.MAX_VALUE) int indexBytesMax,
    @Setting(min = 1_000, max = 86_400_000) Duration indexIdleFor) {
  static final LeaderboardsConfig DEFAULTS =
      new LeaderboardsConfig(10_000, 256 << 20, Duration.ofMinutes(10));
}
