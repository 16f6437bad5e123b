package dev.rookery.cache;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * Counts that nodes share as far as they can. Safe on any thread, never blocks and never fails: a
 * node that cannot reach the others goes on with its own counts.
 */
public interface SharedCounters extends AutoCloseable {
  /** Counts one under the key and gives the sum, which is forgotten so long after its first one. */
  Future<Long> count(String key, Duration forgetAfter);

  /**
   * Asks for one more attempt under the key. Gives 0 and counts it, or counts nothing and gives in
   * how many milliseconds the next one is due.
   */
  Future<Long> attempt(String key, BackOff rule);

  /** The attempts under the key have come to a good end. */
  Future<Void> forget(String key);

  @Override
  void close();

  /**
   * Some attempts are free; each one after them must wait for twice as long as the one before.
   *
   * @param first how long the first one waits
   * @param most no attempt waits longer
   * @param forgetAfter so long after the last attempt all of them are forgotten
   */
  record BackOff(int free, Duration first, Duration most, Duration forgetAfter) {
    private static final int DOUBLINGS_MAX = 30;

    /** How long after so many attempts the next one waits. */
    long waitMs(long attempts) {
      if (attempts < free) {
        return 0;
      }
      long doublings = Math.min(DOUBLINGS_MAX, attempts - free);
      return Math.min(most.toMillis(), first.toMillis() << doublings);
    }
  }
}
