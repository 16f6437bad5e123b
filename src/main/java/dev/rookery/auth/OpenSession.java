package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;

/**
 * A sign-in that has not ended, as its player and admins see it.
 *
 * @param number what it is ended by
 * @param playerName empty if none
 * @param email of the player, empty if none; for admins
 * @param kind which way in it was
 * @param address where it was last used
 * @param userAgent what its client called itself, empty if nothing
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
