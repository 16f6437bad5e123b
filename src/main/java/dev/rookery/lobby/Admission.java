package dev.rookery.lobby;

/** Leave to follow a lobby's stream, with what it looked like then. */
public record Admission(LobbySnapshot snapshot, boolean spectator) {}
