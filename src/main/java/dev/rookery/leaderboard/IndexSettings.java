package dev.rookery.leaderboard;

import java.time.Duration;

/**
 * Bounds of the indexes in memory.
 *
 * @param bytesMax memory of all indexes of this node together; 0 for no index
 * @param idleFor time without a read after which an index is dropped
 */
public record IndexSettings(long bytesMax, Duration idleFor) {}
