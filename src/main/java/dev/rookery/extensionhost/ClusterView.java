package dev.rookery.extensionhost;

import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.RowFollower;
import java.util.Map;
import java.util.stream.Collectors;

/** The cluster as the membership knows it. */
final class ClusterView {
  private final RowFollower rows;
  private final Membership membership;
  private final String node;

  /**
   * @param rows of deployments
   */
  ClusterView(RowFollower rows, Membership membership, String node) {
    this.rows = rows;
    this.membership = membership;
    this.node = node;
  }

  /** The current run of this node. */
  long run() {
    return membership.run();
  }

  /** The name of this node. */
  String node() {
    return node;
  }

  /** The names of the nodes that are alive, by run; this one included. */
  Map<Long, String> living() {
    return membership.members().stream()
        .filter(Member::alive)
        .collect(Collectors.toMap(Member::run, Member::node));
  }

  /** Tells the other nodes that a deployment has changed. */
  void wakeOthers() {
    rows.announce();
  }

  /** Tells the other nodes that a deployment has changed, and waits until they do what it says. */
  void awaitOthers() {
    rows.announceAndWait();
  }
}
