package dev.rookery.cluster;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures how far this machine's clock is from that of the database's server, which is the same
 * for all nodes, corrects the node's clock by it, and warns when it is more than two seconds.
 *
 * <p>The result is exact to half the duration of the call. Calls that take long are not used. A
 * database file has no clock of its own: nothing is measured.
 */
public final class ClockSync implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClockSync.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration CALL_MAX = Duration.ofMillis(500);
  private static final int FIRST_TRIES = 5;

  /** A clock that is off by more is reported. */
  static final Duration OFFSET_MAX = Duration.ofSeconds(2);

  private static final String NOW =
      "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now_ms";

  private final Database database;
  private final DatabaseClock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rookery-clock").daemon().factory());
  private volatile long offsetMs;
  private boolean warned;

  private ClockSync(Database database, DatabaseClock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Measures once, and then every few seconds until it is closed. */
  public static ClockSync start(Database database, DatabaseClock clock, MeterRegistry meters) {
    var sync = new ClockSync(database, clock);
    Gauge.builder("rookery.clock.offset", sync, one -> one.offsetMs / 1000.0)
        .description("How far the clock of this machine is ahead of the database's, in seconds")
        .baseUnit("seconds")
        .register(meters);
    if (database.dialect() == Dialect.POSTGRES) {
      for (int tries = 0; tries < FIRST_TRIES && !sync.measure(); tries++) {
        LOG.debug("the database answered too late to tell the time");
      }
      sync.timer.scheduleWithFixedDelay(
          sync::tick, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }
    return sync;
  }

  private void tick() {
    try {
      measure();
    } catch (Refused _) {
      // The database is unavailable, which is logged elsewhere; the last correction stays.
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      LOG.error("the clock could not be compared; it is tried again", failure);
    }
  }

  /** False if the call took too long to tell. */
  boolean measure() {
    long started = System.nanoTime();
    long databaseMs = database.read(NOW).row(0).number("now_ms");
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    long localMs = clock.localInstant().toEpochMilli();
    if (tookMs > CALL_MAX.toMillis()) {
      return false;
    }
    long ahead = localMs - tookMs / 2 - databaseMs;
    offsetMs = ahead;
    // Within its error a measurement says nothing new, and time should not jump to and fro.
    if (Math.abs(ahead + clock.correctionMs()) > tookMs / 2 + 1) {
      clock.correctBy(-ahead);
    }
    report(ahead);
    return true;
  }

  private void report(long ahead) {
    boolean off = Math.abs(ahead) > OFFSET_MAX.toMillis();
    if (off && !warned) {
      LOG.warn(
          "the clock of this machine is {} ms {} that of the database: synchronise both, with NTP",
          Math.abs(ahead),
          ahead > 0 ? "ahead of" : "behind");
    } else if (!off && warned) {
      LOG.info("the clock of this machine agrees with that of the database again");
    }
    warned = off;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
