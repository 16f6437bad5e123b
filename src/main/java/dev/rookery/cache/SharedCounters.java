package dev.rookery.cache;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * Counters shared by all nodes as far as possible. Safe on any thread, never blocks and never
 * fails: a node that cannot reach the others continues with its own counters.
 */
public interface SharedCounters extends AutoCloseable {
  /**
   * Increments the counter of a key and returns its value. The counter is reset {@code resetAfter}
   * after its first increment.
   */
  Future<Long> increment(String key, Duration resetAfter);

  /**
   * Requests one more attempt under the key. Returns 0 if it is allowed, and counts it; otherwise
   * counts nothing and returns the milliseconds until the next one is allowed.
   */
  Future<Long> tryAttempt(String key, BackOff backOff);

  /**
   * Takes back one attempt under the key that was allowed and turned out harmless, with the delay
   * that it caused.
   */
  Future<Void> takeBack(String key);

  /** Resets the attempts under the key, after one has succeeded. */
  Future<Void> reset(String key);

  @Override
  void close();

  /**
   * An exponential back-off: after {@code freeAttempts} each attempt must wait twice as long as the
   * one before.
   *
   * @param firstDelay delay of the first attempt that is not free
   * @param maxDelay upper bound of any delay
   * @param resetAfter time after the last attempt at which all are forgotten
   */
  record BackOff(int freeAttempts, Duration firstDelay, Duration maxDelay, Duration resetAfter) {
    private static final int DOUBLINGS_MAX = 30;

    /** The delay before the next attempt, in milliseconds. */
    public long delayMs(long attempts) {
      if (attempts < freeAttempts) {
        return 0;
      }
      long doublings = Math.min(DOUBLINGS_MAX, attempts - freeAttempts);
      return Math.min(maxDelay.toMillis(), firstDelay.toMillis() << doublings);
    }
  }
}
