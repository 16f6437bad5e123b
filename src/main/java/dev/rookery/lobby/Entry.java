package dev.rookery.lobby;

/**
 * A player is in the lobby.
 *
 * @param alreadyIn nothing was changed: he was in it before. A client that lost our answer asks
 *     again; wires that promise a refusal for this can tell
 */
public record Entry(Lobby lobby, boolean alreadyIn) {}
