package dev.rookery.match;

/**
 * A static file of a version of a game.
 *
 * @param path below the folder of the version, with slashes between names
 */
public record GameFile(String path, byte[] content) {}
