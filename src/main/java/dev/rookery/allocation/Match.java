package dev.rookery.allocation;

import org.jspecify.annotations.Nullable;

/**
 * A match that has begun, and the server it runs on.
 *
 * @param room in which it is played; null if it is played on a game server
 */
public record Match(Matchup matchup, long startedMs, GameServer server, @Nullable MatchRoom room) {}
