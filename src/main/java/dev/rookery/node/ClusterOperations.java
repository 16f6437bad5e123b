package dev.rookery.node;

import dev.rookery.console.FenceVerticle;
import dev.rookery.console.MoveVerticle;
import dev.rookery.console.NodeCalls;
import dev.rookery.store.Database;
import java.util.Locale;

/** Sets up what admins do with the nodes: move what they own, and fence them. */
final class ClusterOperations {
  private final NodeServices services;
  private final ClusterServices cluster;
  private final Health health;

  ClusterOperations(NodeServices services, ClusterServices cluster, Health health) {
    this.services = services;
    this.cluster = cluster;
    this.health = health;
  }

  /**
   * Deploys the verticles of these operations.
   *
   * @param database writes what an admin does into the audit log, in the transaction of the change
   */
  void deploy(Deployments deployments, Database database, NodeCalls calls) {
    var bus = services.bus();
    var membership = cluster.membership();
    deployments.deployDomain(
        new MoveVerticle(
            bus, database, membership, cluster.leases(), cluster.scheduler(), calls, this::phase));
    deployments.deployDomain(new FenceVerticle(bus, database, membership));
  }

  private String phase() {
    return health.phase().name().toLowerCase(Locale.ROOT);
  }
}
