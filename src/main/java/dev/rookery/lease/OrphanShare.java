package dev.rookery.lease;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Divides leases without a living owner among the nodes, which do not talk about it.
 *
 * <p>Each node tries its share of them, from a place of its own on, and then asks again which are
 * left. So nearly every lease is tried by one node, and the attempts of all nodes together grow
 * with the number of leases. Were each node to try each lease, they would grow with the square of
 * the nodes, because more nodes also own more.
 *
 * <p>Nothing is lost if nodes see different lists: who acquires a lease is decided by the store,
 * and each node goes on until it has tried all that are left, with a share that doubles, so that a
 * node that can serve none of them has soon asked for the last time. Used once, by one thread.
 */
final class OrphanShare {
  private static final int SHARE_MIN = 4;
  private static final int DOUBLED_MAX = 20;

  // Consecutive run numbers are spread evenly (Fibonacci hashing).
  private static final long HASH_MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final long place;
  private final int nodes;
  private final Set<String> tried = new HashSet<>();
  private int rounds;

  /**
   * @param run of this node
   * @param nodes how many nodes share the leases
   */
  OrphanShare(long run, int nodes) {
    this.place = run * HASH_MULTIPLIER;
    this.nodes = Math.max(1, nodes);
  }

  /**
   * Returns the leases to try next; empty if all of these were tried.
   *
   * @param orphans those without a living owner now
   */
  List<String> next(List<String> orphans) {
    var left = new ArrayList<>(orphans);
    left.removeAll(tried);
    if (left.isEmpty()) {
      return left;
    }
    Collections.rotate(left, -(int) Math.unsignedMultiplyHigh(place, left.size()));
    long share = (long) Math.max(SHARE_MIN, Math.ceilDiv(left.size(), nodes)) << rounds;
    rounds = Math.min(rounds + 1, DOUBLED_MAX);
    List<String> next = List.copyOf(left.subList(0, (int) Math.min(share, left.size())));
    tried.addAll(next);
    return next;
  }
}
