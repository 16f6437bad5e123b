package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;

/**
 * An open session, as its player and admins see it.
 *
 * @param number identifies the session when it is ended by hand
 * @param playerName empty if none
 * @param email of the player, empty if none; for admins
 * @param kind the sign-in method
 * @param address the network address of its last use
 * @param userAgent what the client calls itself, empty if none
 * @param usedMs when it was opened or last refreshed
 */
public record OpenSession(
    long number,
    SessionId id,
    PlayerId player,
    String playerName,
    String email,
    String kind,
    String address,
    String userAgent,
    long createdMs,
    long usedMs,
    long expiresMs) {}
