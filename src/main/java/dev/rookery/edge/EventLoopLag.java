package dev.rookery.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * How late an event loop is. A timer that should have fired at a certain moment fires when the loop
 * has time for it; the difference is what every client of the loop waits too.
 */
final class EventLoopLag {
  private static final long INTERVAL_MS = 250;

  private final Timer lag;
  private long dueNanos;

  EventLoopLag(MeterRegistry meters, int loop) {
    this.lag =
        Timer.builder("rookery.eventloop.lag")
            .description("How late the event loop came to a timer that was due")
            .tag("loop", Integer.toString(loop))
            .register(meters);
  }

  /** From now on, on the calling event loop; ends with the verticle. */
  void start(Vertx vertx) {
    dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(INTERVAL_MS);
    vertx.setPeriodic(
        INTERVAL_MS,
        _ -> {
          long now = System.nanoTime();
          lag.record(Math.max(0, now - dueNanos), TimeUnit.NANOSECONDS);
          dueNanos = now + TimeUnit.MILLISECONDS.toNanos(INTERVAL_MS);
        });
  }
}
