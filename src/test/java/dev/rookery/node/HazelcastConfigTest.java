package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import dev.rookery.config.ConfigException;
import dev.rookery.config.ConfigReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How nodes look for each other, as the transport is told. */
final class HazelcastConfigTest {
  @Test
  void usesOnlyTheListOfMembers() throws ConfigException {
    var join = hazelcast(Map.of("CLUSTER_MEMBERS", "10.0.0.1:5701,10.0.0.2:5701")).join();

    assertThat(join.getTcpIpConfig().isEnabled()).isTrue();
    assertThat(join.getTcpIpConfig().getMembers())
        .containsExactly("10.0.0.1:5701", "10.0.0.2:5701");
    assertThat(join.getKubernetesConfig().isEnabled()).isFalse();
    assertThat(join.getMulticastConfig().isEnabled()).isFalse();
    assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
    assertThat(join.getDiscoveryConfig().isEnabled()).isFalse();
  }

  @Test
  void discoversByKubernetesService() throws ConfigException {
    var join =
        hazelcast(
                Map.of(
                    "CLUSTER_HOST", "10.1.2.3",
                    "CLUSTER_PORT", "5702",
                    "CLUSTER_KUBERNETES_SERVICE", "rookery-nodes",
                    "CLUSTER_KUBERNETES_NAMESPACE", "games"))
            .join();

    assertThat(join.getKubernetesConfig().isEnabled()).isTrue();
    assertThat(join.getKubernetesConfig().getProperties())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "service-name", "rookery-nodes",
                "namespace", "games",
                "service-port", "5702",
                "resolve-not-ready-addresses", "true"));
    assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
  }

  @Test
  void resolvesDnsNameToAllAddresses() throws ConfigException {
    var hazelcast = hazelcast(Map.of("CLUSTER_DNS", "localhost:5702"));

    assertThat(hazelcast.config.getProperty("hazelcast.discovery.enabled")).isEqualTo("true");
    assertThat(hazelcast.join().getDiscoveryConfig().isEnabled()).isTrue();
    assertThat(hazelcast.join().getTcpIpConfig().isEnabled()).isFalse();
    var found = new DnsDiscovery(List.of("localhost", "localhost:5702", "no.such.invalid"), 5701);
    assertThat(found.addresses())
        .extracting(address -> address.getHost() + ":" + address.getPort())
        .contains("127.0.0.1:5701", "127.0.0.1:5702");
  }

  private record Hazelcast(Config config) {
    com.hazelcast.config.JoinConfig join() {
      return config.getNetworkConfig().getJoin();
    }
  }

  private static Hazelcast hazelcast(Map<String, String> environment) throws ConfigException {
    var settings = new HashMap<>(environment);
    settings.put("CLUSTER_ENABLED", "true");
    settings.put("DATABASE_URL", "postgres://a:b@127.0.0.1/c");
    settings.put("SECRET_KEY_BASE", "s".repeat(64));
    var cluster = ConfigReader.read(null, settings, ConfigChecks.ALL).cluster();
    return new Hazelcast(HazelcastConfig.of(cluster, new HazelcastMemberListener()));
  }
}
