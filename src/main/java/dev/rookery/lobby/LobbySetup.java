package dev.rookery.lobby;

import dev.rookery.allocation.Allocator;
import dev.rookery.base.Ids;
import dev.rookery.base.Limits;
import java.util.random.RandomGenerator;

/**
 * What lobbies need to know of the node they are served on.
 *
 * @param node its name, the same after a restart
 * @param random numbers the lobbies that were given no title, and draws codes
 * @param ids of bots and matches
 */
public record LobbySetup(
    String node, Limits limits, RandomGenerator random, Ids ids, Allocator allocator) {}
