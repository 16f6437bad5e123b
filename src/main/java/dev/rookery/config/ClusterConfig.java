package dev.rookery.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether and how nodes form a cluster, and how quickly a dead node is noticed. */
public record ClusterConfig(
    @Setting(env = "CLUSTER_ENABLED") boolean enabled,
    @Setting(env = "CLUSTER_NAME") String name,
    @Setting(env = "CLUSTER_HOST") String host,
    @Setting(env = "CLUSTER_PORT", max = 65_535) int port,
    @Setting(env = "CLUSTER_BUS_PORT", min = 0, max = 65_535) int busPort,
    @Setting(env = "CLUSTER_MEMBERS") List<String> members,
    @Setting(env = {"CLUSTER_DNS", "DNS_CLUSTER_QUERY"}) List<String> dns,
    Kubernetes kubernetes,
    @Setting(min = 50, max = 60_000) Duration beat,
    @Setting(min = 200, max = 600_000) Duration silenceMax) {
  static final ClusterConfig DEFAULTS =
      new ClusterConfig(
          false,
          "rookery",
          "127.0.0.1",
          5701,
          0,
          List.of(),
          List.of(),
          new Kubernetes(null, null),
          Duration.ofMillis(500),
          Duration.ofSeconds(3));

  public record Kubernetes(
      @Setting(env = "CLUSTER_KUBERNETES_SERVICE") @Nullable String service,
      @Setting(env = "CLUSTER_KUBERNETES_NAMESPACE") @Nullable String namespace) {}

  /** The name of this node in the cluster, the same after a restart. */
  public String nodeName() {
    return enabled ? host + ":" + port : "single";
  }
}
