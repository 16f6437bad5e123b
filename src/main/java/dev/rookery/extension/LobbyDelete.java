package dev.rookery.extension;

/** A lobby that an admin or an extension is about to delete. Created by the server alone. */
public record LobbyDelete(long lobbyId) {}
