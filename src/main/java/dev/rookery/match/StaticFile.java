package dev.rookery.match;

/**
 * A file that clients of a game load.
 *
 * @param path below the folder of the version
 * @param digest SHA-256 of the content in hexadecimal digits
 */
public record StaticFile(String path, String digest, byte[] content) {}
