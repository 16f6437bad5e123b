package dev.rookery.cache;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts of this node alone. Only so many keys are kept: the one that was counted longest ago makes
 * room for a new one.
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
  public Future<Long> count(String key, Duration forgetAfter) {
    long now = clock.millis();
    synchronized (counts) {
      Count before = remembered(key, now);
      long sum = before.sum + 1;
      long forgetMs = sum == 1 ? now + forgetAfter.toMillis() : before.forgetMs;
      counts.put(key, new Count(sum, 0, forgetMs));
      return Future.succeededFuture(sum);
    }
  }

  @Override
  public Future<Long> attempt(String key, BackOff rule) {
    long now = clock.millis();
    synchronized (counts) {
      Count before = remembered(key, now);
      if (before.nextMs > now) {
        return Future.succeededFuture(before.nextMs - now);
      }
      long sum = before.sum + 1;
      counts.put(key, new Count(sum, now + rule.waitMs(sum), now + rule.forgetAfter().toMillis()));
      return Future.succeededFuture(0L);
    }
  }

  @Override
  public Future<Void> forget(String key) {
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

  private Count remembered(String key, long now) {
    Count count = counts.get(key);
    return count == null || count.forgetMs <= now ? Count.NONE : count;
  }

  private record Count(long sum, long nextMs, long forgetMs) {
    private static final Count NONE = new Count(0, 0, 0);
  }
}
