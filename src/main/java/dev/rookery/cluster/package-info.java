/**
 * Cluster membership: one row for each run of a node, and one heartbeat on which leases, presence
 * and the outbox sweep rely. Clocks of different nodes are never compared.
 */
@NullMarked
package dev.rookery.cluster;

import org.jspecify.annotations.NullMarked;
