package dev.rookery.consumer;

import java.time.Duration;

/**
 * How often the events of a shard were tried in vain, and when they are tried again. After several
 * events have failed together, each of them is tried alone. Used by one thread at a time.
 */
final class RetryState {
  /** How often an event is tried alone before it is parked. */
  static final int ATTEMPTS_MAX = 5;

  private static final int BACK_OFF_FACTOR = 4;

  private final Duration backOffMin;
  private int oneByOne;
  private int failures;
  private long waitUntilNanos;

  /**
   * @param backOffMin how long an event waits after its first failure; four times as long after
   *     each further one
   */
  RetryState(Duration backOffMin) {
    this.backOffMin = backOffMin;
  }

  /** How long to wait before the next attempt; not positive if there is nothing to wait for. */
  Duration remaining(long nowNanos) {
    return failures == 0 ? Duration.ZERO : Duration.ofNanos(waitUntilNanos - nowNanos);
  }

  /** Whether only one event is tried at a time. */
  boolean isOneByOne() {
    return oneByOne > 0;
  }

  /** The next events have been handled, or parked. */
  void done(int events) {
    oneByOne = Math.max(0, oneByOne - events);
    failures = 0;
  }

  /** The next events have failed together, none of them alone. */
  void tryEach(int events) {
    oneByOne = events;
  }

  /** The next event has failed alone, for the first time. */
  void failedFirst() {
    oneByOne = Math.max(1, oneByOne);
    failures = 1;
  }

  /** The next event has failed alone. Returns whether it has been tried often enough. */
  boolean failed() {
    oneByOne = Math.max(1, oneByOne);
    failures++;
    return failures >= ATTEMPTS_MAX;
  }

  /** Waits from now on, the longer the more often the event has failed; returns for how long. */
  Duration backOff() {
    Duration wait = backOffMin;
    for (int i = 1; i < failures; i++) {
      wait = wait.multipliedBy(BACK_OFF_FACTOR);
    }
    waitUntilNanos = System.nanoTime() + wait.toNanos();
    return wait;
  }
}
