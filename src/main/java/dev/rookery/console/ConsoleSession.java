package dev.rookery.console;

/**
 * An open session of the console, as its player sees it.
 *
 * @param id no secret
 */
public record ConsoleSession(
    String id, long createdMs, long usedMs, long expiresMs, String address, String userAgent) {}
