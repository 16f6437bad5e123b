package dev.rookery.node;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.MultiMapConfig.ValueCollectionType;
import dev.rookery.config.NodeConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node, or many that know each other.
 *
 * <p>Hazelcast carries membership and the bus's subscriptions, nothing else: no state, no locks, no
 * ids. Members are a fixed list; nothing is sent to anybody who is not in it.
 */
final class Cluster {
  private static final long JOIN_WITHIN_SECONDS = 60;

  private Cluster() {}

  static Vertx start(NodeConfig.Cluster config, VertxOptions options) {
    if (!config.enabled()) {
      return Vertx.builder().with(options).build();
    }
    options.setEventBusOptions(
        new EventBusOptions()
            .setHost(config.host())
            .setClusterPublicHost(config.host())
            .setPort(config.busPort()));
    try {
      return Clustered.start(config, options).await(JOIN_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "the cluster could not be joined within " + JOIN_WITHIN_SECONDS + " s", e);
    }
  }

  /** Apart, so that a single node loads no class of Hazelcast. */
  private static final class Clustered {
    static Future<Vertx> start(NodeConfig.Cluster config, VertxOptions options) {
      return Vertx.builder()
          .with(options)
          .withClusterManager(new HazelcastClusterManager(hazelcast(config)))
          .buildClustered();
    }

    private static Config hazelcast(NodeConfig.Cluster config) {
      var hazelcast = new Config();
      hazelcast.setClusterName(config.name());
      hazelcast.setProperty("hazelcast.phone.home.enabled", "false");
      hazelcast.setProperty("hazelcast.logging.type", "slf4j");
      // The node closes it, in its turn.
      hazelcast.setProperty("hazelcast.shutdownhook.enabled", "false");
      hazelcast.setProperty("hazelcast.heartbeat.interval.seconds", "2");
      hazelcast.setProperty("hazelcast.max.no.heartbeat.seconds", "15");
      hazelcast.setProperty("hazelcast.socket.bind.any", "false");
      hazelcast.setProperty("hazelcast.wait.seconds.before.join", "1");
      hazelcast.setProperty("hazelcast.tcp.join.port.try.count", "1");
      hazelcast.setProperty("hazelcast.local.localAddress", config.host());
      hazelcast.getJetConfig().setEnabled(false);
      var network = hazelcast.getNetworkConfig();
      network.setPort(config.port()).setPortAutoIncrement(false).setPublicAddress(null);
      network.getInterfaces().setEnabled(false);
      var join = network.getJoin();
      join.getAutoDetectionConfig().setEnabled(false);
      join.getMulticastConfig().setEnabled(false);
      join.getTcpIpConfig().setEnabled(true).setMembers(members(config));
      hazelcast.addMultiMapConfig(
          new MultiMapConfig("__vertx.subs")
              .setBackupCount(1)
              .setValueCollectionType(ValueCollectionType.SET));
      hazelcast.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
      hazelcast.addListenerConfig(new ListenerConfig(new Membership()));
      return hazelcast;
    }

    private static List<String> members(NodeConfig.Cluster config) {
      return config.members().isEmpty()
          ? List.of(config.host() + ":" + config.port())
          : config.members();
    }

    /** Tells who comes and goes. */
    private static final class Membership implements MembershipListener {
      private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

      @Override
      public void memberAdded(MembershipEvent event) {
        LOG.info("{} joined; nodes: {}", where(event), event.getMembers().size());
      }

      @Override
      public void memberRemoved(MembershipEvent event) {
        LOG.info("{} left; nodes: {}", where(event), event.getMembers().size());
      }

      private static String where(MembershipEvent event) {
        var address = event.getMember().getAddress();
        return address.getHost() + ":" + address.getPort();
      }
    }
  }
}
