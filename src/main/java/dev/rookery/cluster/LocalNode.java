package dev.rookery.cluster;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node reports about itself.
 *
 * @param name stays the same after a restart; no two living nodes share it
 * @param standalone whether no other node can use the database, so that all other runs have ended
 * @param identity its cluster and keys, with which those of other living nodes are compared; null
 *     to compare nothing
 * @param sockets number of sockets open here
 * @param players number of players online here
 * @param publishedUpTo the number up to which all committed events have been published
 */
public record LocalNode(
    String name,
    String version,
    boolean standalone,
    @Nullable ClusterIdentity identity,
    LongSupplier sockets,
    LongSupplier players,
    LongSupplier publishedUpTo) {}
