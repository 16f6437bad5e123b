package dev.rookery.game;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the calls of games in Java that took too long, of all extensions of a node. */
public final class GameCallMeters {
  private final Counter timeouts;
  private final AtomicInteger overdue = new AtomicInteger();

  public GameCallMeters(MeterRegistry meters) {
    this.timeouts =
        Counter.builder("rookery.extensions.games.timeouts")
            .description("Calls of games of extensions that took longer than they may")
            .register(meters);
    Gauge.builder("rookery.extensions.games.overdue", overdue, AtomicInteger::get)
        .description("Threads in calls of games of extensions for which nobody waits any more")
        .register(meters);
  }

  void timedOut() {
    timeouts.increment();
    overdue.incrementAndGet();
  }

  void ended() {
    overdue.decrementAndGet();
  }
}
