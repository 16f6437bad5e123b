package dev.rookery.cluster;

import java.util.function.LongSupplier;

/**
 * What a node says of itself.
 *
 * @param name the same after a restart; no two nodes that live have the same
 * @param alone whether no other node can have the database, so that all other runs have ended
 * @param sockets how many are open here
 * @param players how many are here
 * @param postedUpto up to which number its committed events have been posted
 */
public record LocalNode(
    String name,
    String version,
    boolean alone,
    LongSupplier sockets,
    LongSupplier players,
    LongSupplier postedUpto) {}
