package dev.rookery.config;

import java.time.Duration;

/** What one call of a script may use, where scripts run in the server. */
public record GodraScriptConfig(
    @Setting(min = 10, max = 60_000) Duration timeout,
    @Setting(min = 1 << 20, max = 1 << 30) int memoryBytes) {
  static final GodraScriptConfig DEFAULTS = new GodraScriptConfig(Duration.ofSeconds(1), 64 << 20);
}
