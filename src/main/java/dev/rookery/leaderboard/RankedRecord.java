package dev.rookery.leaderboard;

/**
 * A record with its rank.
 *
 * @param rank position on the board from 1; of equal records the one created earlier comes first
 * @param name the player's display name, or the label
 */
public record RankedRecord(long rank, BoardRecord record, String name) {}
