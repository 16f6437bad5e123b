package dev.rookery.lobby;

import dev.rookery.allocation.GameServer;
import dev.rookery.allocation.Matchup;

/** A match that has begun, and where. */
public record Match(Matchup matchup, long startedMs, GameServer server) {}
