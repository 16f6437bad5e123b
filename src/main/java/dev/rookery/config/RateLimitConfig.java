package dev.rookery.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Requests and socket connections that one client address may make. */
public record RateLimitConfig(
    boolean enabled,
    General general,
    SignIn signIn,
    Socket socket,
    DataChannels dataChannels,
    Upgrades upgrades,
    GameFiles gameFiles,
    @Setting(max = 10_000_000) int addressesMax) {
  static final RateLimitConfig DEFAULTS =
      new RateLimitConfig(
          true,
          new General(120, Duration.ofMinutes(1)),
          new SignIn(10, Duration.ofMinutes(1)),
          new Socket(60, Duration.ofSeconds(10)),
          new DataChannels(300, Duration.ofSeconds(10)),
          new Upgrades(null, Duration.ofMinutes(1)),
          new GameFiles(3_000, Duration.ofMinutes(1)),
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

  public record DataChannels(
      @Setting(env = "RATE_LIMIT_WEBRTC_LIMIT", max = Integer.MAX_VALUE) int limit,
      @Setting(env = "RATE_LIMIT_WEBRTC_WINDOW") Duration window) {}

  /** Static files of games: a game may have 1,000 of them, which a page loads at once. */
  public record GameFiles(@Setting(max = Integer.MAX_VALUE) int limit, Duration window) {}

  public record Upgrades(
      @Setting(max = Integer.MAX_VALUE) @Nullable Integer limit, Duration window) {
    private static final int GENERAL_MULTIPLE = 10;

    /** The limit: unless it is set, ten times that of other requests. */
    public int limitWith(General general) {
      Integer set = limit;
      return set != null
          ? set
          : (int) Math.min(Integer.MAX_VALUE, (long) general.limit() * GENERAL_MULTIPLE);
    }
  }
}
