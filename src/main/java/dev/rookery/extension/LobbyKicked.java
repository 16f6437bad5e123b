package dev.rookery.extension;

/**
 * A member whom the host has removed from the lobby. Created by the server alone; later versions
 * may add components.
 *
 * @param hostId -1 if the lobby has no host
 * @param displayName of the member; empty if they have none
 * @param lobby without the member
 */
public record LobbyKicked(long hostId, long targetId, String displayName, Lobby lobby) {}
