package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** For what becomes true soon, on the event loop. */
final class EventLoopPoll {
  private static final long STEP_MS = 20;
  private static final long WITHIN_NANOS = TimeUnit.SECONDS.toNanos(20);

  private EventLoopPoll() {}

  static Future<Void> until(ScenarioContext stage, BooleanSupplier claim) {
    Promise<Void> result = Promise.promise();
    long start = stage.now();
    stage
        .vertx()
        .setPeriodic(
            1,
            STEP_MS,
            timer -> {
              if (claim.getAsBoolean()) {
                result.complete();
              } else if (stage.now() - start > WITHIN_NANOS) {
                result.fail("not in time");
              } else {
                return;
              }
              stage.vertx().cancelTimer(timer);
            });
    return result.future();
  }
}
