package dev.rookery.edge;

import io.vertx.core.Future;
import java.time.Duration;

/** Counters shared by all nodes. */
@FunctionalInterface
public interface SharedCounters {
  /**
   * Increments the counter of a key and returns its new value. The counter expires {@code ttl}
   * after its first increment.
   */
  Future<Long> increment(String key, Duration ttl);
}
