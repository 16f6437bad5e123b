package dev.rookery.extension;

/** A host who is about to remove a member from the lobby. Created by the server alone. */
public record LobbyKick(long hostId, long targetId) {}
