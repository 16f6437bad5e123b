package dev.rookery.node;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.Arrays;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs and counts blocked event loops, each with its stack trace. */
final class BlockedThreads {
  private static final Logger LOG = LoggerFactory.getLogger(BlockedThreads.class);

  private BlockedThreads() {}

  static void install(Vertx vertx, MeterRegistry meters, Consumer<String> listener) {
    var count =
        Counter.builder("rookery.threads.blocked")
            .description("Times a thread was found blocked for too long")
            .register(meters);
    ((VertxInternal) vertx)
        .blockedThreadChecker()
        .setThreadBlockedHandler(
            event -> {
              count.increment();
              Thread thread = event.thread();
              String what =
                  thread.getName()
                      + " was blocked for "
                      + event.duration() / 1_000_000
                      + " ms at "
                      + Arrays.toString(thread.getStackTrace());
              LOG.warn("{}", what);
              listener.accept(what);
            });
  }
}
