package dev.rookery.matchmaking;

import dev.rookery.allocation.Allocator;
import dev.rookery.base.Ids;
import dev.rookery.lease.ClusterScheduler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What the node provides to matchmaking.
 *
 * @param run the id of the node's current run; tickets are removed when that run has ended
 * @param ticketLifetime after which a ticket that has not been matched expires
 */
public record MatchmakingSetup(
    LongSupplier run,
    ClusterScheduler scheduler,
    InstantSource clock,
    Ids ids,
    Allocator allocator,
    Duration ticketLifetime) {}
