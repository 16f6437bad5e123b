package dev.rookery.lobby;

import dev.rookery.allocation.Allocator;
import dev.rookery.base.Ids;
import dev.rookery.base.Limits;
import dev.rookery.cache.SharedCounters;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.store.LongLists;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the domain needs of the node that serves it.
 *
 * @param run gives the present run of the node
 * @param random for the titles of lobbies that were given none, and for codes
 * @param ids for bots and matches
 * @param longLists of long lists
 * @param entries counts entered codes and passwords; null for no limits
 */
public record LobbyDependencies(
    LongSupplier run,
    ClusterScheduler scheduler,
    Limits limits,
    RandomGenerator random,
    Ids ids,
    Allocator allocator,
    LongLists longLists,
    @Nullable SharedCounters entries) {}
