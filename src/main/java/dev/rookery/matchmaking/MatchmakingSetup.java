package dev.rookery.matchmaking;

import dev.rookery.allocation.Allocator;
import dev.rookery.base.Ids;
import dev.rookery.lease.ClusterScheduler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What matchmaking needs to know of the node it is served on.
 *
 * @param run the present run of the node
 * @param ticketLifetime how long a ticket waits at most
 */
public record MatchmakingSetup(
    LongSupplier run,
    ClusterScheduler scheduler,
    InstantSource clock,
    Ids ids,
    Allocator allocator,
    Duration ticketLifetime) {}
