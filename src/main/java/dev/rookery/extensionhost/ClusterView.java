package dev.rookery.extensionhost;

import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import java.util.Map;
import java.util.stream.Collectors;

/** The cluster as the membership knows it. */
final class ClusterView {
  private final Membership membership;
  private final String node;

  ClusterView(Membership membership, String node) {
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
}
