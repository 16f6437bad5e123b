package dev.rookery.lobby;

import dev.rookery.base.Limits;
import java.util.random.RandomGenerator;

/**
 * What lobbies need to know of the node they are served on.
 *
 * @param node its name, the same after a restart
 * @param random numbers the lobbies that were given no title
 */
public record LobbySetup(String node, Limits limits, RandomGenerator random) {}
