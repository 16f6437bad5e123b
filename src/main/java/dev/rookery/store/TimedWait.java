package dev.rookery.store;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for a limited time. {@link Future#await(long, TimeUnit)} does so only outside of verticles:
 * the context of a verticle on virtual threads, whose wait has timed out, runs nothing any more
 * from the moment at which the future completes after all.
 */
public final class TimedWait {
  private TimedWait() {}

  /**
   * Returns the result of the future, or throws its failure.
   *
   * @throws TimeoutException if it has not completed within the time
   */
  public static <T> T await(Future<T> future, Duration within) throws TimeoutException {
    return future.timeout(within.toMillis(), TimeUnit.MILLISECONDS).await();
  }

  /** As {@link #await}; false if the future has not completed within the time. */
  public static boolean completes(Future<?> future, Duration within) {
    try {
      await(future, within);
      return true;
    } catch (TimeoutException _) {
      return false;
    }
  }
}
