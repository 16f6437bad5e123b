package dev.rookery.node;

import dev.rookery.config.ClusterConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One node, or many that know each other.
 *
 * <p>Hazelcast carries the transport's membership and the bus's subscriptions, nothing else: no
 * state, no locks, no ids. Who lives is decided in the database. Nothing is sent to anybody who is
 * not configured: members are a list, or what a name or Kubernetes says.
 */
final class ClusteredVertx {
  private static final long JOIN_WITHIN_SECONDS = 60;

  private final Vertx vertx;
  private final Consumer<Consumer<String>> removals;

  private ClusteredVertx(Vertx vertx, Consumer<Consumer<String>> whenGone) {
    this.vertx = vertx;
    this.removals = whenGone;
  }

  static ClusteredVertx start(
      ClusterConfig config, VertxOptions options, VertxMetricsFactory metrics) {
    var builder = Vertx.builder().with(options).withMetrics(metrics);
    if (!config.enabled()) {
      return new ClusteredVertx(builder.build(), _ -> {});
    }
    options.setEventBusOptions(
        new EventBusOptions()
            .setHost(config.host())
            .setClusterPublicHost(config.host())
            .setPort(config.busPort()));
    return Hazelcast.start(config, builder);
  }

  Vertx vertx() {
    return vertx;
  }

  /** Tells the names of nodes of which the transport says that they are gone. */
  void onMemberRemoved(Consumer<String> listener) {
    removals.accept(listener);
  }

  /** Apart, so that a single node loads no class of Hazelcast. */
  private static final class Hazelcast {
    static ClusteredVertx start(ClusterConfig config, VertxBuilder builder) {
      var neighbours = new HazelcastMemberListener();
      Future<Vertx> joined =
          builder
              .withClusterManager(
                  new HazelcastClusterManager(HazelcastConfig.of(config, neighbours)))
              .buildClustered();
      try {
        return new ClusteredVertx(
            joined.await(JOIN_WITHIN_SECONDS, TimeUnit.SECONDS), neighbours::onMemberRemoved);
      } catch (TimeoutException e) {
        throw new IllegalStateException(
            "the cluster could not be joined within " + JOIN_WITHIN_SECONDS + " s", e);
      }
    }
  }
}
