package dev.rookery.extension;

/** A player who is about to join a lobby. Created by the server alone. */
public record LobbyJoin(long userId, long lobbyId) {}
