package dev.rookery.edge;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed-window rate limiter: at most {@code limit} requests per key and window, counted on this
 * node. Safe for use by several threads.
 *
 * <p>Windows start at multiples of their length on the wall clock, so all keys change windows at
 * the same moment and the old counters are dropped as a whole, without a sweep. At most {@code
 * keysMax} keys have a counter of their own; further keys share {@value #OVERFLOW_COUNTERS}
 * counters until the window ends, which bounds memory even when many addresses send requests.
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

  /**
   * Counts a request. Returns 0 if it is within the limit, otherwise the milliseconds to wait
   * before a retry.
   */
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

  /** Takes back a request that was counted a moment ago and counts elsewhere instead. */
  void refund(String key) {
    Counters current = counters;
    if (current.window == clock.millis() / windowMs) {
      current.counter(key, keysMax).updateAndGet(count -> Math.max(0, count - 1));
    }
  }

  /**
   * Counts a request in counters shared with other nodes. The nodes' clocks should differ by a
   * small part of the window at most.
   */
  Future<Long> retryAfterMs(String key, SharedCounters shared) {
    long now = clock.millis();
    long window = now / windowMs;
    long remainingMs = (window + 1) * windowMs - now;
    return shared
        .increment(key + ":" + window, Duration.ofMillis(windowMs))
        .map(count -> count <= limit ? 0 : remainingMs);
  }

  /**
   * A key that has used up its requests of this window.
   *
   * @param count how many it has made
   * @param waitMs until the window ends
   */
  public record Exhausted(String key, int count, long waitMs) {}

  /** Keys that are refused now, those with the most requests first. */
  List<Exhausted> exhausted(int max) {
    long now = clock.millis();
    Counters current = counters;
    if (current.window != now / windowMs) {
      return List.of();
    }
    long waitMs = (current.window + 1) * windowMs - now;
    return current.byKey.entrySet().stream()
        .map(entry -> new Exhausted(entry.getKey(), entry.getValue().get(), waitMs))
        .filter(key -> key.count() >= limit)
        .sorted(Comparator.comparingInt(Exhausted::count).reversed())
        .limit(max)
        .toList();
  }

  /** Lets a key begin anew in this window. */
  void forget(String key) {
    AtomicInteger counter = counters.byKey.get(key);
    if (counter != null) {
      counter.set(0);
    }
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
