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
  private static final int SHARED = 256;

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
  public long refusedForMs(String key) {
    long now = clock.millis();
    long window = now / windowMs;
    Counters current = counters;
    if (current.window != window) {
      current = turn(window);
    }
    return current.of(key, keysMax).incrementAndGet() <= limit ? 0 : (window + 1) * windowMs - now;
  }

  /**
   * The same, among all who count there. Their clocks should agree to within a small part of the
   * window.
   */
  Future<Long> refusedForMs(String key, SharedCounters elsewhere) {
    long now = clock.millis();
    long window = now / windowMs;
    long left = (window + 1) * windowMs - now;
    return elsewhere
        .count(key + ":" + window, Duration.ofMillis(windowMs))
        .map(sum -> sum <= limit ? 0 : left);
  }

  private synchronized Counters turn(long window) {
    if (counters.window != window) {
      counters = new Counters(window);
    }
    return counters;
  }

  private static final class Counters {
    private final long window;
    private final Map<String, AtomicInteger> own = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger[] shared = new AtomicInteger[SHARED];

    Counters(long window) {
      this.window = window;
      for (int i = 0; i < SHARED; i++) {
        shared[i] = new AtomicInteger();
      }
    }

    AtomicInteger of(String key, int keysMax) {
      AtomicInteger counter = own.get(key);
      if (counter != null) {
        return counter;
      }
      if (size.get() >= keysMax) {
        return shared[Math.floorMod(key.hashCode(), SHARED)];
      }
      size.incrementAndGet();
      return own.computeIfAbsent(key, _ -> new AtomicInteger());
    }
  }
}
