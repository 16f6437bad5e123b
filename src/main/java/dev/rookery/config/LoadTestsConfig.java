package dev.rookery.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Load tests that admins start in the console. */
public record LoadTestsConfig(
    @Nullable Boolean enabled,
    @Setting(min = 1, max = 10_000) int playersMax,
    @Setting(min = 1_000, max = 3_600_000) Duration timeMax) {
  static final LoadTestsConfig DEFAULTS = new LoadTestsConfig(null, 1_000, Duration.ofMinutes(10));

  /** Whether they can be started: by default outside of production. */
  public boolean enabledFor(boolean production) {
    return enabled == null ? !production : enabled;
  }
}
