package dev.rookery.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Bounds of WebSocket connections. */
public record SocketsConfig(
    @Setting(min = 1_024, max = 16 << 20) int frameBytesMax,
    @Setting(min = 1_000, max = 86_400_000) Duration idleTimeout,
    @Setting(min = 1_024, max = 1 << 30) int queueBytesMax,
    @Setting(max = 1_000_000) int queueFramesMax,
    @Setting(max = 1_000_000) int framesPerSecondMax,
    @Setting(min = 100, max = 3_600_000) Duration messageTimeout,
    @Setting(min = 100, max = 86_400_000) Duration unusedTimeout,
    @Setting(max = 10_000_000) @Nullable Integer perAddressMax,
    @Setting(max = 10_000_000) int perPlayerMax) {
  static final SocketsConfig DEFAULTS =
      new SocketsConfig(
          128 << 10,
          Duration.ofSeconds(60),
          1 << 20,
          8_192,
          300,
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          null,
          200);

  private static final int ADDRESS_PART = 4;

  /**
   * The number of sockets of one address that are not signed in: unless it is set a quarter of all
   * connections.
   */
  public int perAddressMaxOf(int connectionsMax) {
    Integer set = perAddressMax;
    return set != null ? set : Math.max(1, connectionsMax / ADDRESS_PART);
  }
}
