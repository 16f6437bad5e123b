package dev.rookery.edge;

import io.vertx.core.Future;
import java.time.Duration;

/** Counts that several nodes share. */
@FunctionalInterface
public interface SharedCounters {
  /** Counts one under the key and gives the sum, which is forgotten some time after its first. */
  Future<Long> increment(String key, Duration forgetAfter);
}
