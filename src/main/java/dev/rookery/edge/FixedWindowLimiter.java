package dev.rookery.edge;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * So many in a window of time, for each key, on this node.
 *
 * <p>Windows begin at multiples of their length on the wall clock, so all keys change windows at
 * one moment and the old counters are dropped as a whole: no sweeping. When there are as many keys
 * as are kept, further ones share a few hundred counters until the window ends: memory stays
 * bounded, and a flood of addresses limits itself.
 */
public final class FixedWindowLimiter {
  private static final int OVERFLOW_COUNTERS = 256;

  private final int limit;
  private final long windowMs;
  private final int keysMax;
  private final InstantSource clock;
  private volatile Counters counters;

  public FixedWindowLimiter(int limit, Duration window, int keysMax, InstantSource clock) {
    this.limit = limit;
    this.windowMs = window.toMillis();
    this.keysMax = keysMax;
    this.clock = clock;
    this.counters = new Counters(clock.millis() / windowMs);
  }

  /** Counts one. Gives 0 if it is within the limit, else in how many milliseconds to come back. */
  public long retryAfterMs(String key) {
    long now = clock.millis();
    long window = now / windowMs;
    Counters current = counters;
    if (current.window != window) {
      current = startWindow(window);
    }
    return current.counter(key, keysMax).incrementAndGet() <= limit
        ? 0
        : (window + 1) * windowMs - now;
  }

  /**
   * The same, among all who count there. Their clocks should agree to within a small part of the
   * window.
   */
  Future<Long> retryAfterMs(String key, SharedCounters elsewhere) {
    long now = clock.millis();
    long window = now / windowMs;
    long left = (window + 1) * windowMs - now;
    return elsewhere
        .increment(key + ":" + window, Duration.ofMillis(windowMs))
        .map(sum -> sum <= limit ? 0 : left);
  }

  private synchronized Counters startWindow(long window) {
    if (counters.window != window) {
      counters = new Counters(window);
    }
    return counters;
  }

  private static final class Counters {
    private final long window;
    private final Map<String, AtomicInteger> byKey = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger[] overflow = new AtomicInteger[OVERFLOW_COUNTERS];

    Counters(long window) {
      this.window = window;
      for (int i = 0; i < OVERFLOW_COUNTERS; i++) {
        overflow[i] = new AtomicInteger();
      }
    }

    AtomicInteger counter(String key, int keysMax) {
      AtomicInteger counter = byKey.get(key);
      if (counter != null) {
        return counter;
      }
      if (size.get() >= keysMax) {
        return overflow[Math.floorMod(key.hashCode(), OVERFLOW_COUNTERS)];
      }
      size.incrementAndGet();
      return byKey.computeIfAbsent(key, _ -> new AtomicInteger());
    }
  }
}
