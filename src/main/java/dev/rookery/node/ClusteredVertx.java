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
 * Starts Vert.x, alone or as a member of a Hazelcast cluster.
 *
 * <p>Hazelcast carries the members of the transport and the subscriptions of the event bus, nothing
 * else: no state, no locks, no ids. Which nodes are alive is decided in the database. Only
 * configured addresses are contacted: a list of members, a DNS name, or a Kubernetes service.
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

  /** Calls the listener with the name of each node that the transport reports as removed. */
  void onMemberRemoved(Consumer<String> listener) {
    removals.accept(listener);
  }

  /** A class of its own, so that a single node loads no class of Hazelcast. */
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
