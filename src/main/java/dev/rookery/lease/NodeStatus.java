package dev.rookery.lease;

import dev.rookery.cluster.Member;

/**
 * A living node.
 *
 * @param leases number of leases that it holds
 * @param here whether it is the node that answers the query
 */
public record NodeStatus(Member member, long leases, boolean here) {}
