package dev.rookery.cache;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counters of this node alone. At most 100,000 keys are kept; a new key replaces the one that was
 * used longest ago.
 */
public final class LocalCounters implements SharedCounters {
  private static final int KEYS_MAX = 100_000;

  private final InstantSource clock;
  private final Map<String, Count> counts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > KEYS_MAX;
        }
      };

  public LocalCounters(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Future<Long> increment(String key, Duration resetAfter) {
    long now = clock.millis();
    synchronized (counts) {
      Count previous = current(key, now);
      long value = previous.value + 1;
      long expiresMs = value == 1 ? now + resetAfter.toMillis() : previous.expiresMs;
      counts.put(key, new Count(value, 0, expiresMs));
      return Future.succeededFuture(value);
    }
  }

  @Override
  public Future<Long> tryAttempt(String key, BackOff backOff) {
    long now = clock.millis();
    synchronized (counts) {
      Count previous = current(key, now);
      if (previous.nextAttemptMs > now) {
        return Future.succeededFuture(previous.nextAttemptMs - now);
      }
      long value = previous.value + 1;
      counts.put(
          key,
          new Count(value, now + backOff.delayMs(value), now + backOff.resetAfter().toMillis()));
      return Future.succeededFuture(0L);
    }
  }

  @Override
  public Future<Void> takeBack(String key) {
    long now = clock.millis();
    synchronized (counts) {
      Count previous = current(key, now);
      if (previous.value > 0) {
        counts.put(key, new Count(previous.value - 1, 0, previous.expiresMs));
      }
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> reset(String key) {
    synchronized (counts) {
      counts.remove(key);
    }
    return Future.succeededFuture();
  }

  @Override
  public void close() {
    synchronized (counts) {
      counts.clear();
    }
  }

  private Count current(String key, long now) {
    Count count = counts.get(key);
    return count == null || count.expiresMs <= now ? Count.NONE : count;
  }

  private record Count(long value, long nextAttemptMs, long expiresMs) {
    private static final Count NONE = new Count(0, 0, 0);
  }
}
