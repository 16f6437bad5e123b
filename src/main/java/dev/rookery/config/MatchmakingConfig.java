package dev.rookery.config;

import java.time.Duration;

/** The lifetime of matchmaking tickets. */
public record MatchmakingConfig(@Setting(min = 1_000, max = 86_400_000) Duration ticketFor) {
  static final MatchmakingConfig DEFAULTS = new MatchmakingConfig(Duration.ofMinutes(10));
}
