package dev.rookery.lease;

/**
 * One tenure of an owner.
 *
 * @param name of what is owned: {@code match/17}
 * @param node the run of the node that took it
 * @param epoch higher than that of every tenure before
 */
public record Lease(String name, String node, long epoch) {}
