package dev.rookery.store;

import dev.rookery.base.Refused;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each node does once a second about what it wrote itself: finds out about commits in doubt,
 * and shortens streams it made long. Idle, it asks the database for nothing.
 */
final class StoreMaintenance implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreMaintenance.class);
  private static final int SHORTEN_EVERY = 5;

  private final OutboxSweep sweep;
  private final Retention retention;
  private final InstantSource clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rookery-store-upkeep").daemon().factory());
  private int ticks;

  StoreMaintenance(OutboxSweep sweep, Retention retention, InstantSource clock) {
    this.sweep = sweep;
    this.retention = retention;
    this.clock = clock;
  }

  void start() {
    timer.scheduleWithFixedDelay(this::tick, 0, 1, TimeUnit.SECONDS);
  }

  /** All of it, on the thread that always does it. */
  void now() {
    try {
      timer.submit(() -> round(true)).get();
    } catch (InterruptedException | ExecutionException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void round(boolean shorten) {
    sweep.settle(clock.instant());
    if (shorten) {
      retention.shorten();
    }
  }

  private void tick() {
    try {
      round(ticks++ % SHORTEN_EVERY == 0);
    } catch (Refused _) {
      // The database is away, which is known already; the next second may be better.
    } catch (RuntimeException broken) {
      LOG.error("the upkeep of the store broke; it goes on", broken);
    }
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      timer.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
