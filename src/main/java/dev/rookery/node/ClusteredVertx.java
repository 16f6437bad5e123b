package dev.rookery.node;

import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.core.LifecycleListener;
import com.hazelcast.core.OutOfMemoryHandler;
import dev.rookery.base.FatalErrors;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;

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
  private static final Pattern VITAL = Pattern.compile("-operation\\.thread-");

  private final Vertx vertx;
  private final Consumer<Consumer<String>> removals;
  private final Runnable leave;
  private final List<Thread> threads;
  private final AtomicBoolean closing;

  private ClusteredVertx(
      Vertx vertx,
      Consumer<Consumer<String>> removals,
      Runnable leave,
      List<Thread> threads,
      AtomicBoolean closing) {
    this.vertx = vertx;
    this.removals = removals;
    this.leave = leave;
    this.threads = threads;
    this.closing = closing;
  }

  static ClusteredVertx start(
      ClusterConfig config,
      ClusterKeys keys,
      VertxOptions options,
      MeterRegistries meters,
      Ids ids) {
    var builder = Vertx.builder().with(options).withMetrics(meters.vertxFactory());
    if (!config.enabled()) {
      return new ClusteredVertx(builder.build(), _ -> {}, () -> {}, List.of(), new AtomicBoolean());
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

  /** The threads without which this node loses the others. */
  List<Thread> vitalThreads() {
    return threads;
  }

  /** Calls the listener with the name of each node that the transport reports as removed. */
  void onMemberRemoved(Consumer<String> listener) {
    removals.accept(listener);
  }

  /** Closes Vert.x, and then leaves the cluster. */
  @Override
  public void close() {
    closing.set(true);
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
      var closing = new AtomicBoolean();
      hazelcastConfig.addListenerConfig(
          new ListenerConfig((LifecycleListener) event -> onState(event, closing)));
      // By default it would shut down itself and leave the node without the others.
      com.hazelcast.core.Hazelcast.setOutOfMemoryHandler(new EndingOutOfMemoryHandler());
      HazelcastInstance member = SecureHazelcast.start(hazelcastConfig, keys, meters);
      try {
        Vertx vertx =
            builder
                .withClusterManager(new HazelcastClusterManager(member))
                .buildClustered()
                .await(JOIN_WITHIN_SECONDS, TimeUnit.SECONDS);
        return new ClusteredVertx(
            vertx,
            neighbours::onMemberRemoved,
            member::shutdown,
            threads(member.getName()),
            closing);
      } catch (TimeoutException e) {
        closing.set(true);
        member.shutdown();
        throw new IllegalStateException(
            "the cluster could not be joined within " + JOIN_WITHIN_SECONDS + " s", e);
      } catch (RuntimeException | Error e) {
        closing.set(true);
        member.shutdown();
        throw e;
      }
    }

    private static void onState(LifecycleEvent event, AtomicBoolean closing) {
      if (event.getState() == LifecycleState.SHUTDOWN && !closing.get()) {
        FatalErrors.end("Hazelcast has ended by itself", null);
      }
    }

    /**
     * Those that carry out what other nodes send. Those that read and write are replaced whenever
     * parts of a cluster merge.
     */
    private static List<Thread> threads(String instance) {
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().startsWith("hz." + instance + "."))
          .filter(thread -> VITAL.matcher(thread.getName()).find())
          .toList();
    }
  }

  private static final class EndingOutOfMemoryHandler extends OutOfMemoryHandler {
    @Override
    public void onOutOfMemory(OutOfMemoryError error, HazelcastInstance[] instances) {
      FatalErrors.endIfFatal(error);
    }
  }
}
