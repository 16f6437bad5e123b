package dev.rookery.config;

import org.jspecify.annotations.Nullable;

/** Access to {@code /metrics}. */
public record MetricsConfig(@Setting(env = "METRICS_TOKEN") @Nullable Secret token) {
  static final MetricsConfig DEFAULTS = new MetricsConfig(null);
}
