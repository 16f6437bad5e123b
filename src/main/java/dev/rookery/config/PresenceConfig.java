package dev.rookery.config;

import java.time.Duration;

/** When a player who disconnected counts as offline. */
public record PresenceConfig(
    @Setting(env = "PRESENCE_GRACE", min = 0, max = 3_600_000) Duration grace) {
  static final PresenceConfig DEFAULTS = new PresenceConfig(Duration.ofSeconds(5));
}
