package dev.rookery.extension;

/**
 * A player in a lobby, or one who was. Created by the server alone; later versions may add
 * components.
 *
 * @param displayName empty if they have none
 * @param lobby after the change
 */
public record LobbyMember(long userId, String displayName, Lobby lobby) {}
