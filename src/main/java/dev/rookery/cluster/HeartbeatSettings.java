package dev.rookery.cluster;

import java.time.Duration;

/**
 * Settings of the failure detection.
 *
 * @param interval time between two heartbeats of a node
 * @param timeout a run whose heartbeat stands still for this long is declared dead
 */
public record HeartbeatSettings(Duration interval, Duration timeout) {
  public static final HeartbeatSettings DEFAULT =
      new HeartbeatSettings(Duration.ofMillis(500), Duration.ofSeconds(3));

  /**
   * Minimum number of heartbeats that must be missing even when the transport has lost the node.
   */
  private static final int MISSED_MIN = 3;

  /** The timeout of a run whose node the transport has lost. */
  Duration suspectTimeout() {
    Duration few = interval.multipliedBy(MISSED_MIN);
    return few.compareTo(timeout) < 0 ? few : timeout;
  }
}
