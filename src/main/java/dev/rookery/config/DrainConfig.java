package dev.rookery.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a node shuts down without cutting off players. */
public record DrainConfig(
    @Setting(env = "DRAIN_DELAY", min = 0) @Nullable Duration delay,
    @Setting(env = "DRAIN_SPREAD", min = 0) @Nullable Duration spread,
    @Setting(env = "DRAIN_TIMEOUT") Duration timeout) {
  private static final Duration CLUSTERED = Duration.ofSeconds(5);

  static final DrainConfig DEFAULTS = new DrainConfig(null, null, Duration.ofSeconds(20));

  /** Over how long sockets are told to come back elsewhere. */
  public Duration spreadFor(ClusterConfig cluster) {
    if (spread != null) {
      return spread;
    }
    return cluster.enabled() ? CLUSTERED : Duration.ZERO;
  }

  /** For how long a node that is leaving still takes requests, so that balancers see it leave. */
  public Duration delayFor(ClusterConfig cluster) {
    if (delay != null) {
      return delay;
    }
    return cluster.enabled() ? CLUSTERED : Duration.ZERO;
  }
}
