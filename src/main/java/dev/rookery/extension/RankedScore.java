package dev.rookery.extension;

/**
 * A record with its rank.
 *
 * @param rank from 1
 * @param name the player's display name, or the label
 */
public record RankedScore(long rank, ScoreRecord record, String name) {}
