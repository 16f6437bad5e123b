package dev.rookery.match;

import java.util.List;

/**
 * The deployed games.
 *
 * @param versions by game and newest first
 * @param problems of games in the watched folder of the node that answers
 */
public record GameListing(List<GameVersion> versions, List<GameProblem> problems) {}
