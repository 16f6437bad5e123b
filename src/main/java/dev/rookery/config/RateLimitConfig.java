package dev.rookery.config;

import java.time.Duration;

/** Requests and socket connections that one client address may make. */
public record RateLimitConfig(
    boolean enabled,
    General general,
    SignIn signIn,
    Socket socket,
    @Setting(max = 10_000_000) int addressesMax) {
  static final RateLimitConfig DEFAULTS =
      new RateLimitConfig(
          true,
          new General(120, Duration.ofMinutes(1)),
          new SignIn(10, Duration.ofMinutes(1)),
          new Socket(60, Duration.ofSeconds(10)),
          100_000);

  public record General(
      @Setting(env = "RATE_LIMIT_HTTP_GENERAL_LIMIT", max = Integer.MAX_VALUE) int limit,
      @Setting(env = "RATE_LIMIT_HTTP_GENERAL_WINDOW") Duration window) {}

  public record SignIn(
      @Setting(env = "RATE_LIMIT_HTTP_AUTH_LIMIT", max = Integer.MAX_VALUE) int limit,
      @Setting(env = "RATE_LIMIT_HTTP_AUTH_WINDOW") Duration window) {}

  public record Socket(
      @Setting(
              env = {"RATE_LIMIT_WEBSOCKET_LIMIT", "RATE_LIMIT_WS_LIMIT"},
              max = Integer.MAX_VALUE)
          int limit,
      @Setting(env = {"RATE_LIMIT_WEBSOCKET_WINDOW", "RATE_LIMIT_WS_WINDOW"}) Duration window) {}
}
