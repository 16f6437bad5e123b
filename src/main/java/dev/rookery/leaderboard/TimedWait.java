package dev.rookery.leaderboard;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for a limited time. {@link Future#await(long, TimeUnit)} does so only outside of verticles:
 * the context of a verticle on virtual threads, whose wait has timed out, runs nothing any more
 * from the moment at which the future completes after all.
 */
final class TimedWait {
  private TimedWait() {}

  /** False if the future has not completed within the time. Throws the failure of the future. */
  static boolean completes(Future<?> future, Duration within) {
    return future
        .map(_ -> true)
        .timeout(within.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            failure ->
                failure instanceof TimeoutException
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure))
        .await();
  }
}
