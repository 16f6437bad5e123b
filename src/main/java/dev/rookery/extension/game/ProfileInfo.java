package dev.rookery.extension.game;

/**
 * What a game keeps of a player between matches.
 *
 * @param schemaVersion of the data; data of another version is not used
 * @param initial JSON text: the profile of a player who has none
 */
public record ProfileInfo(String schemaVersion, String initial) {}
