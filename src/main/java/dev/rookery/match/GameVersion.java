package dev.rookery.match;

/**
 * A deployed version of a game.
 *
 * @param digest SHA-256 of its script in hexadecimal digits
 * @param active whether new rooms start on it
 */
public record GameVersion(
    String gameKey,
    String version,
    String schemaVersion,
    String digest,
    boolean active,
    long createdMs) {}
