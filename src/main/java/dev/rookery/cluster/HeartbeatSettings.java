package dev.rookery.cluster;

import java.time.Duration;

/**
 * How quickly a death is noticed.
 *
 * @param beat how often a run says that it lives
 * @param silenceMax a run whose beat stands still for so long is given up for dead
 */
public record HeartbeatSettings(Duration beat, Duration silenceMax) {
  public static final HeartbeatSettings DEFAULT =
      new HeartbeatSettings(Duration.ofMillis(500), Duration.ofSeconds(3));

  /** Beats that must be missing even when the transport says that the node is gone. */
  private static final int BEATS_MIN = 3;

  Duration silenceMaxOfSuspects() {
    Duration few = beat.multipliedBy(BEATS_MIN);
    return few.compareTo(silenceMax) < 0 ? few : silenceMax;
  }
}
