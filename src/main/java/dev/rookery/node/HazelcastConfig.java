package dev.rookery.node;

import com.hazelcast.config.Config;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.MultiMapConfig.ValueCollectionType;
import com.hazelcast.config.NetworkConfig;
import dev.rookery.cache.ClusterCache;
import dev.rookery.config.ClusterConfig;
import java.util.List;

/** Creates the configuration of Hazelcast. */
final class HazelcastConfig {
  // With less of the heap free, shared cached values are dropped.
  private static final int FREE_HEAP_PERCENT_MIN = 25;

  private HazelcastConfig() {}

  static Config of(ClusterConfig config, HazelcastMemberListener neighbours) {
    var hazelcast = new Config();
    hazelcast.setClusterName(config.name());
    hazelcast.setProperty("hazelcast.phone.home.enabled", "false");
    hazelcast.setProperty("hazelcast.logging.type", "slf4j");
    // The node closes it, in its order.
    hazelcast.setProperty("hazelcast.shutdownhook.enabled", "false");
    hazelcast.setProperty("hazelcast.heartbeat.interval.seconds", "2");
    hazelcast.setProperty("hazelcast.max.no.heartbeat.seconds", "15");
    // Parts of the cluster that lost each other merge soon after the network is back.
    hazelcast.setProperty("hazelcast.merge.first.run.delay.seconds", "10");
    hazelcast.setProperty("hazelcast.merge.next.run.delay.seconds", "10");
    hazelcast.setProperty("hazelcast.socket.bind.any", "false");
    hazelcast.setProperty(
        "hazelcast.max.join.seconds", Integer.toString(ClusteredVertx.JOIN_WITHIN_SECONDS));
    hazelcast.setProperty("hazelcast.wait.seconds.before.join", "1");
    hazelcast.setProperty("hazelcast.tcp.join.port.try.count", "1");
    hazelcast.setProperty("hazelcast.local.localAddress", config.host());
    hazelcast.getJetConfig().setEnabled(false);
    NetworkConfig network = hazelcast.getNetworkConfig();
    network.setPort(config.port()).setPortAutoIncrement(false).setPublicAddress(null);
    network.getInterfaces().setEnabled(false);
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getTcpIpConfig().setEnabled(false);
    join(config, hazelcast, network.getJoin());
    hazelcast.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs")
            .setBackupCount(1)
            .setValueCollectionType(ValueCollectionType.SET));
    hazelcast.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
    // Losing a part of it costs reads and no more.
    hazelcast.addMapConfig(
        new MapConfig(ClusterCache.MAP)
            .setBackupCount(0)
            .setEvictionConfig(
                new EvictionConfig()
                    .setEvictionPolicy(EvictionPolicy.LRU)
                    .setMaxSizePolicy(MaxSizePolicy.FREE_HEAP_PERCENTAGE)
                    .setSize(FREE_HEAP_PERCENT_MIN)));
    hazelcast.addListenerConfig(new ListenerConfig(neighbours));
    return hazelcast;
  }

  private static void join(ClusterConfig config, Config hazelcast, JoinConfig join) {
    var kubernetes = config.kubernetes();
    if (kubernetes.service() != null) {
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-name", kubernetes.service())
          .setProperty("service-port", Integer.toString(config.port()))
          // A node becomes ready after it has joined.
          .setProperty("resolve-not-ready-addresses", "true");
      if (kubernetes.namespace() != null) {
        join.getKubernetesConfig().setProperty("namespace", kubernetes.namespace());
      }
    } else if (!config.dns().isEmpty()) {
      hazelcast.setProperty("hazelcast.discovery.enabled", "true");
      join.getDiscoveryConfig()
          .addDiscoveryStrategyConfig(
              new DiscoveryStrategyConfig(new DnsDiscovery(config.dns(), config.port())));
    } else {
      join.getTcpIpConfig().setEnabled(true).setMembers(members(config));
    }
  }

  private static List<String> members(ClusterConfig config) {
    return config.members().isEmpty()
        ? List.of(config.host() + ":" + config.port())
        : config.members();
  }
}
