package dev.rookery.node;

import dev.rookery.config.NodeConfig;
import dev.rookery.consumer.Consumers;
import dev.rookery.extensionhost.ExtensionBackend;
import dev.rookery.extensionhost.ExtensionDeployments;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.ExtensionVerticle;
import dev.rookery.extensionplatform.AfterHookConsumers;
import dev.rookery.extensionplatform.CommandHooks;
import dev.rookery.fanout.FanOut;
import dev.rookery.game.StoredGames;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.ExtensionTables;
import java.util.function.Consumer;

/** Connects the extensions of this node with its domains, and starts those that are deployed. */
final class ExtensionSetup {
  private final NodeServices services;
  private final Database database;
  private final ClusterServices cluster;
  private final FanOut fanOut;
  private final CloseStack closing;
  private final AfterHookConsumers afterHooks;

  /** From now on events are kept for the hooks of extensions, whichever will be started. */
  ExtensionSetup(
      NodeServices services,
      Database database,
      ClusterServices cluster,
      Consumers consumers,
      FanOut fanOut,
      CloseStack closing) {
    this.services = services;
    this.database = database;
    this.cluster = cluster;
    this.fanOut = fanOut;
    this.closing = closing;
    this.afterHooks =
        new AfterHookConsumers(services.extensions(), database, consumers, cluster.scheduler());
  }

  /**
   * After the domains, because extensions use them from their start to their end.
   *
   * @param storedGames gets the games that rooms go on with after they were replaced
   */
  void deploy(Deployments deployments, Consumer<StoredGames> storedGames) {
    NodeConfig config = services.config();
    ExtensionHost host = services.extensions();
    closing.add("hooks of extensions", afterHooks);
    closing.add("extensions", host);
    host.connect(
        new ExtensionBackend(
            database, cluster.leases(), fanOut, new ExtensionTables(StoreFactory.of(config))));
    afterHooks.start();
    var extensions =
        new ExtensionDeployments(
            services.vertx(),
            host,
            database,
            cluster.calls(),
            cluster.membership(),
            config.cluster().nodeName(),
            config.extensions().folder(),
            afterHooks);
    storedGames.accept(extensions.storedGames());
    deployments.deployDomain(new ExtensionVerticle(services.bus(), extensions));
    closing.add("the deployments of extensions", extensions);
    var hooks = new CommandHooks(host, services.bus());
    host.onHooks(present -> services.bus().intercept(present ? hooks : null));
    if (database.dialect() == Dialect.POSTGRES) {
      // A file has one node, whose threads need no lease.
      host.locks()
          .shareThrough(cluster.leases(), database, cluster.membership()::run, services.clock());
    }
    extensions.start();
    afterHooks.loaded();
  }
}
