package dev.rookery.store;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintenance that each node runs once a second for what it wrote itself: resolves commits with an
 * unknown outcome, trims streams that it made long, and looks whether a database file is in place.
 * Does not access the database when idle.
 */
final class StoreMaintenance implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreMaintenance.class);
  private static final int TRIM_EVERY_TICKS = 5;

  private final OutboxSweep sweep;
  private final Retention retention;
  private final InstantSource clock;
  private final Runnable checkFiles;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rookery-store-maintenance").daemon().factory());
  private int ticks;

  /**
   * @param checkFiles looks whether the files of the database are in place
   */
  StoreMaintenance(
      OutboxSweep sweep, Retention retention, InstantSource clock, Runnable checkFiles) {
    this.checkFiles = checkFiles;
    this.sweep = sweep;
    this.retention = retention;
    this.clock = clock;
  }

  void start() {
    timer.scheduleWithFixedDelay(this::tick, 0, 1, TimeUnit.SECONDS);
  }

  /** Runs all maintenance on its thread and waits for it. */
  void runNow() {
    try {
      timer.submit(() -> run(true)).get();
    } catch (InterruptedException | ExecutionException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void run(boolean trim) {
    checkFiles.run();
    sweep.resolveUncertain(clock.instant());
    if (trim) {
      retention.trimLongStreams();
    }
  }

  private void tick() {
    try {
      run(ticks++ % TRIM_EVERY_TICKS == 0);
    } catch (Refused _) {
      // The database is unavailable, which is logged elsewhere; the next run may succeed.
    } catch (Throwable failure) {
      // Anything that is thrown here would silently cancel all further runs.
      FatalErrors.endIfFatal(failure);
      LOG.error("the maintenance of the store failed; it runs again", failure);
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
