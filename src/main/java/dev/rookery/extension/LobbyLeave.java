package dev.rookery.extension;

/** A player who is about to leave their lobby. Created by the server alone. */
public record LobbyLeave(long userId) {}
