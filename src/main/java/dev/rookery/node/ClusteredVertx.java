package dev.rookery.node;

import com.hazelcast.core.HazelcastInstance;
import dev.rookery.base.Ids;
import dev.rookery.bus.ClusterKeys;
import dev.rookery.config.ClusterConfig;
import dev.rookery.transport.BusTls;
import dev.rookery.transport.SecureHazelcast;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Starts Vert.x, alone or as a member of a Hazelcast cluster whose members authenticate to each
 * other.
 *
 * <p>Hazelcast carries the members of the transport and the subscriptions of the event bus, nothing
 * else: no state, no locks, no ids. Which nodes are alive is decided in the database. Only
 * configured addresses are contacted: a list of members, a DNS name, or a Kubernetes service.
 */
final class ClusteredVertx implements AutoCloseable {
  static final int JOIN_WITHIN_SECONDS = 60;

  private final Vertx vertx;
  private final Consumer<Consumer<String>> removals;
  private final Runnable leave;

  private ClusteredVertx(Vertx vertx, Consumer<Consumer<String>> whenGone, Runnable leave) {
    this.vertx = vertx;
    this.removals = whenGone;
    this.leave = leave;
  }

  static ClusteredVertx start(
      ClusterConfig config,
      ClusterKeys keys,
      VertxOptions options,
      MeterRegistries meters,
      Ids ids) {
    var builder = Vertx.builder().with(options).withMetrics(meters.vertxFactory());
    if (!config.enabled()) {
      return new ClusteredVertx(builder.build(), _ -> {}, () -> {});
    }
    var tls = BusTls.derive(keys);
    options.setEventBusOptions(
        new EventBusOptions()
            .setHost(config.host())
            .setClusterPublicHost(config.host())
            .setPort(config.busPort())
            .setSsl(true)
            .setClientAuth(ClientAuth.REQUIRED)
            .setEnabledSecureTransportProtocols(BusTls.PROTOCOLS)
            .setSslHandshakeTimeout(BusTls.HANDSHAKE_TIMEOUT.toSeconds())
            .setKeyCertOptions(tls.identity())
            .setTrustOptions(tls.trusted()));
    return Hazelcast.start(config, keys, builder, meters.registry(), ids.uuid());
  }

  Vertx vertx() {
    return vertx;
  }

  /** Calls the listener with the name of each node that the transport reports as removed. */
  void onMemberRemoved(Consumer<String> listener) {
    removals.accept(listener);
  }

  /** Closes Vert.x, and then leaves the cluster. */
  @Override
  public void close() {
    try {
      Deployments.await(vertx.close());
    } finally {
      leave.run();
    }
  }

  /** A class of its own, so that a single node loads no class of Hazelcast. */
  private static final class Hazelcast {
    // Where vertx-hazelcast looks for the id of a member that it has not started.
    private static final String NODE_ID = "__vertx.nodeId";

    static ClusteredVertx start(
        ClusterConfig config,
        ClusterKeys keys,
        VertxBuilder builder,
        MeterRegistry meters,
        String id) {
      var neighbours = new HazelcastMemberListener();
      var hazelcastConfig = HazelcastConfig.of(config, neighbours);
      hazelcastConfig.getMemberAttributeConfig().setAttribute(NODE_ID, id);
      HazelcastInstance member = SecureHazelcast.start(hazelcastConfig, keys, meters);
      try {
        Vertx vertx =
            builder
                .withClusterManager(new HazelcastClusterManager(member))
                .buildClustered()
                .await(JOIN_WITHIN_SECONDS, TimeUnit.SECONDS);
        return new ClusteredVertx(vertx, neighbours::onMemberRemoved, member::shutdown);
      } catch (TimeoutException e) {
        member.shutdown();
        throw new IllegalStateException(
            "the cluster could not be joined within " + JOIN_WITHIN_SECONDS + " s", e);
      } catch (RuntimeException | Error e) {
        member.shutdown();
        throw e;
      }
    }
  }
}
