package dev.rookery.game;

/**
 * A game of a version of an extension that is loaded on this node.
 *
 * @param active whether that version takes calls, so that new rooms start on it
 */
public record OfferedGame(String extension, Game game, boolean active) {}
