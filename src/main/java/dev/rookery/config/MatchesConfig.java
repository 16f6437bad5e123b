package dev.rookery.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Rooms of matches, and the tokens with which their sockets are opened. */
public record MatchesConfig(
    @Setting(env = "ROOM_TOKEN_SECRET") @Nullable Secret tokenSecret,
    @Setting(min = 10_000, max = 86_400_000) Duration lobbyTokenFor,
    @Setting(min = 10_000, max = 86_400_000) Duration gameTokenFor,
    @Setting(min = 60_000) Duration idleFor,
    @Setting(min = 1_000) Duration awakeFor,
    @Setting(max = 10_000) int hostedMax,
    @Setting(max = 10_000) int actionsPerSecond) {
  static final MatchesConfig DEFAULTS =
      new MatchesConfig(
          null,
          Duration.ofMinutes(30),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofMinutes(1),
          20,
          50);
}
