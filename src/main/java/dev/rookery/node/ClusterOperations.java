package dev.rookery.node;

import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.BackupVerticle;
import dev.rookery.console.DrillVerticle;
import dev.rookery.console.FenceVerticle;
import dev.rookery.console.MoveVerticle;
import dev.rookery.fanout.FanOut;
import dev.rookery.store.Database;
import dev.rookery.store.Store;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Sets up what admins do with the nodes: move what they own, fence them, make backups, hold drills.
 */
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
   * @param store of which backups are made, and off which drills cut this node
   * @param fanOut what drills follow
   * @param database writes what an admin does into the audit log, in the transaction of the change
   */
  void deploy(
      Deployments deployments, Database database, Store store, FanOut fanOut, NodeCalls calls) {
    var bus = services.bus();
    var membership = cluster.membership();
    deployments.deployDomain(
        new MoveVerticle(
            bus, database, membership, cluster.leases(), cluster.scheduler(), calls, this::phase));
    deployments.deployDomain(new FenceVerticle(bus, database, membership));
    deployments.deployDomain(
        new BackupVerticle(
            bus,
            database,
            membership,
            services.clock(),
            cluster.scheduler(),
            calls,
            new StoreBackups(store.copy(), backups().folder()),
            backups()));
    var config = services.config();
    deployments.deployDomain(
        new DrillVerticle(
            bus,
            database,
            new DrillVerticle.Cluster(membership, cluster.leases(), cluster.scheduler(), fanOut),
            services.clock(),
            calls,
            new ProcessFaults(store),
            this::phase,
            new DrillVerticle.Settings(
                config.cluster().nodeName(),
                config.drills().enabledFor(config.production()),
                config.drills().playersPercentMax())));
  }

  private BackupVerticle.Settings backups() {
    var config = services.config();
    var backups = config.backups();
    Path folder = backups.folder();
    return new BackupVerticle.Settings(
        config.cluster().nodeName(),
        folder == null ? config.dataDir().resolve("backups") : folder,
        backups.every(),
        backups.keptMax(),
        (long) backups.mebibytesMax() << 20);
  }

  private String phase() {
    return health.phase().name().toLowerCase(Locale.ROOT);
  }
}
