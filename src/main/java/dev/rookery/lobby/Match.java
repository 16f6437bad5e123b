package dev.rookery.lobby;

import dev.rookery.allocation.GameServer;
import dev.rookery.allocation.Matchup;

/** A match that has begun, and the server it runs on. */
public record Match(Matchup matchup, long startedMs, GameServer server) {}
