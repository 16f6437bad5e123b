package dev.rookery.lease;

import dev.rookery.cluster.Member;

/**
 * A node that lives.
 *
 * @param leases how much it owns
 * @param here whether it is the node that was asked
 */
public record NodeStatus(Member member, long leases, boolean here) {}
