package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Polls a condition on the event loop until it is true, for a limited time. */
final class EventLoopPoll {
  private static final long INTERVAL_MS = 20;
  private static final Duration WITHIN = Duration.ofSeconds(20);

  private EventLoopPoll() {}

  /** For at most 20 seconds. */
  static Future<Void> until(ScenarioContext context, BooleanSupplier condition) {
    return until(context, condition, WITHIN);
  }

  static Future<Void> until(ScenarioContext context, BooleanSupplier condition, Duration within) {
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
              } else if (context.now() - start > within.toNanos()) {
                result.fail("timed out");
              } else {
                return;
              }
              context.vertx().cancelTimer(timer);
            });
    return result.future();
  }
}
