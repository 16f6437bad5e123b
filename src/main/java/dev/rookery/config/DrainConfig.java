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

  /** The time over which sockets are closed; 5 s in a cluster by default, else 0. */
  public Duration spreadFor(ClusterConfig cluster) {
    if (spread != null) {
      return spread;
    }
    return cluster.enabled() ? CLUSTERED : Duration.ZERO;
  }

  /**
   * How long a draining node still accepts requests, so that load balancers notice; 5 s in a
   * cluster by default, else 0.
   */
  public Duration delayFor(ClusterConfig cluster) {
    if (delay != null) {
      return delay;
    }
    return cluster.enabled() ? CLUSTERED : Duration.ZERO;
  }
}
