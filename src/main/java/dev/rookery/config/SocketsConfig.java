package dev.rookery.config;

import java.time.Duration;

/** Bounds of one WebSocket connection. */
public record SocketsConfig(
    @Setting(min = 1_024, max = 16 << 20) int frameBytesMax,
    @Setting(min = 1_000, max = 86_400_000) Duration idleTimeout,
    @Setting(min = 1_024, max = 1 << 30) int queueBytesMax,
    @Setting(max = 1_000_000) int queueFramesMax,
    @Setting(max = 1_000_000) int framesPerSecondMax) {
  static final SocketsConfig DEFAULTS =
      new SocketsConfig(128 << 10, Duration.ofSeconds(60), 1 << 20, 8_192, 300);
}
