package dev.rookery.extensionhost;

import dev.rookery.bus.Bus;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.stream.Collectors;

/** The cluster as the membership knows it. */
final class ClusterView {
  /** The bus address where a node says that a deployment has changed. */
  static final String WAKE = "extension-deployments";

  private static final Buffer CHANGED = Buffer.buffer("changed");

  private final Bus bus;
  private final Membership membership;
  private final String node;

  ClusterView(Bus bus, Membership membership, String node) {
    this.bus = bus;
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
    bus.broadcast(WAKE, CHANGED);
  }
}
