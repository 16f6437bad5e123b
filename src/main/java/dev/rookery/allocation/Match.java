package dev.rookery.allocation;

/** A match that has begun, and the server it runs on. */
public record Match(Matchup matchup, long startedMs, GameServer server) {}
