package dev.rookery.match;

/**
 * Why a game of the watched folder could not be deployed as it is now; the version before goes on.
 */
public record GameProblem(String gameKey, String message) {}
