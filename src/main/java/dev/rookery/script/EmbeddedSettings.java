package dev.rookery.script;

import java.time.Duration;

/**
 * Settings of the embedded engine.
 *
 * @param durability when changes are stored
 * @param memoryBytes how much the keyspace may take
 * @param scriptTime how long a call may run before it is stopped
 * @param scriptMemoryBytes how much memory a call may use
 * @param resultBytesMax how large a result may be
 */
public record EmbeddedSettings(
    Durability durability,
    long memoryBytes,
    Duration scriptTime,
    long scriptMemoryBytes,
    int resultBytesMax) {
  public static final EmbeddedSettings DEFAULTS =
      new EmbeddedSettings(
          Durability.EVERYSEC, 256L << 20, Duration.ofSeconds(1), 64L << 20, 1 << 20);
}
