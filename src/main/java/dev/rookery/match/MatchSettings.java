package dev.rookery.match;

import java.time.Duration;

/**
 * Bounds of rooms.
 *
 * @param idleFor how long a room without sockets is kept
 * @param awakeFor how long a room that gets no commands stays in memory
 * @param hostedMax how many rooms that are not closed one user may host
 * @param actionsPerSecond how many actions of one player are carried out in a second
 * @param hideInternalPayloads whether players are not shown what games pass to their own events
 */
public record MatchSettings(
    Duration idleFor,
    Duration awakeFor,
    int hostedMax,
    int actionsPerSecond,
    boolean hideInternalPayloads) {}
