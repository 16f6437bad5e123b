package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Polls a condition on the event loop until it is true, for at most 20 seconds. */
final class EventLoopPoll {
  private static final long INTERVAL_MS = 20;
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

  private EventLoopPoll() {}

  static Future<Void> until(ScenarioContext context, BooleanSupplier condition) {
    Promise<Void> result = Promise.promise();
    long start = context.now();
    context
        .vertx()
        .setPeriodic(
            1,
            INTERVAL_MS,
            timer -> {
              if (condition.getAsBoolean()) {
                result.complete();
              } else if (context.now() - start > TIMEOUT_NANOS) {
                result.fail("timed out");
              } else {
                return;
              }
              context.vertx().cancelTimer(timer);
            });
    return result.future();
  }
}
