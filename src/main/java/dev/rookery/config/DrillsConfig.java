package dev.rookery.config;

import org.jspecify.annotations.Nullable;

/**
 * Faults that admins cause on purpose.
 *
 * @param enabled whether they may; null for everywhere but in production
 * @param playersPercentMax which share of the connected players a node may have at most
 */
public record DrillsConfig(
    @Nullable Boolean enabled, @Setting(min = 1, max = 100) int playersPercentMax) {
  static final DrillsConfig DEFAULTS = new DrillsConfig(null, 50);

  public boolean enabledFor(boolean production) {
    return enabled == null ? !production : enabled;
  }
}
