package dev.rookery.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * Measures the lag of an event loop: how late a periodic timer fires, which is also how long every
 * client of that event loop waits. Sampled every {@value #INTERVAL_MS} ms.
 */
final class EventLoopLag {
  private static final long INTERVAL_MS = 250;

  private final Timer lag;
  private long dueNanos;

  EventLoopLag(MeterRegistry meters, int loop) {
    this.lag =
        Timer.builder("rookery.eventloop.lag")
            .description(
                "Delay between the due time of a timer and its execution on the event loop")
            .tag("loop", Integer.toString(loop))
            .register(meters);
  }

  /** Starts sampling on the calling event loop, until its verticle is undeployed. */
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
