package dev.rookery.lobby;

import dev.rookery.allocation.Allocator;
import dev.rookery.base.Ids;
import dev.rookery.base.Limits;
import dev.rookery.lease.ClusterScheduler;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What lobbies need to know of the node they are served on.
 *
 * @param run the present run of the node
 * @param random numbers the lobbies that were given no title, and draws codes
 * @param ids of bots and matches
 */
public record LobbySetup(
    LongSupplier run,
    ClusterScheduler duties,
    Limits limits,
    RandomGenerator random,
    Ids ids,
    Allocator allocator) {}
