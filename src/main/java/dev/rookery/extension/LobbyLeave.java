package dev.rookery.extension;

/**
 * A player who is about to leave their lobby. Created by the server alone; later versions may add
 * components.
 *
 * @param lobbyId that they are in
 */
public record LobbyLeave(long userId, long lobbyId) {}
