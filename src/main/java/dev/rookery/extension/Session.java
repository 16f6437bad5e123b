package dev.rookery.extension;

import java.time.Instant;

/**
 * An open session of a player.
 *
 * @param number names it when it is ended
 * @param kind the sign-in method
 * @param userAgent empty if the client said nothing
 */
public record Session(
    long number,
    long userId,
    String kind,
    String address,
    String userAgent,
    Instant insertedAt,
    Instant usedAt,
    Instant expiresAt) {}
