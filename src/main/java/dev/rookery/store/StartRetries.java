package dev.rookery.store;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a start wait for a database that is busy or away for a moment, instead of ending the
 * process: on a machine where many nodes start at once, the first connections may take longer than
 * a call may.
 *
 * <p>Between {@link #begin} and {@link #end}, a call that is refused with {@code Unavailable} is
 * made again, while all refused calls together have taken less than {@link #WITHIN}. A write may be
 * made again although the first was committed and its reply was lost. That does no harm to a start,
 * which may end at any statement: a supervisor then starts the process again.
 */
final class StartRetries {
  /** How long a start waits for the database, in sum. */
  static final Duration WITHIN = Duration.ofSeconds(60);

  private static final Logger LOG = LoggerFactory.getLogger(StartRetries.class);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final AtomicLong leftNanos;
  private volatile boolean starting;

  StartRetries() {
    this(WITHIN);
  }

  /**
   * @param within how long refused calls may take in sum
   */
  StartRetries(Duration within) {
    this.leftNanos = new AtomicLong(within.toNanos());
  }

  /** From now on calls are made again. */
  void begin() {
    starting = true;
  }

  /** The start is over, or given up: from now on each call is made once. */
  void end() {
    starting = false;
  }

  boolean areOver() {
    return !starting;
  }

  <T> T call(Supplier<T> call) {
    while (starting) {
      long begun = System.nanoTime();
      try {
        return call.get();
      } catch (Refused refused) {
        if (!(refused.refusal() instanceof Refusal.Unavailable)) {
          throw refused;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
        long left = leftNanos.addAndGet(begun - System.nanoTime());
        if (left <= 0 || Thread.currentThread().isInterrupted()) {
          throw refused;
        }
        LOG.warn("the start waits for the database: {}", refused.getMessage());
      }
    }
    return call.get();
  }
}
