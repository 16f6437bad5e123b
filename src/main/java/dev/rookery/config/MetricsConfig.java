package dev.rookery.config;

import org.jspecify.annotations.Nullable;

/**
 * Access to {@code /metrics}.
 *
 * @param port a port that serves the metrics alone; null for the port of everything else
 * @param host the address of that port; null for {@code http.host}
 */
public record MetricsConfig(
    @Setting(env = "METRICS_TOKEN") @Nullable Secret token,
    @Setting(env = "METRICS_PORT", min = 0, max = 65_535) @Nullable Integer port,
    @Setting(env = "METRICS_HOST") @Nullable String host) {
  static final MetricsConfig DEFAULTS = new MetricsConfig(null, null, null);
}
