package dev.rookery.extensionhost;

import dev.rookery.base.Refused;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds threads of several nodes that wait for each other's locks. A thread that has a lock and has
 * waited for another one for a moment says so in a row, which it deletes before it goes on: so a
 * cycle of rows is a cycle of waiting threads. Each of them sees it, and the one with the greatest
 * name gives up. Thread-safe; blocks.
 */
final class ClusterLockWaits {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterLockWaits.class);

  /** Most waits end before it, and cost no statement. */
  static final Duration QUIET = Duration.ofMillis(250);

  private static final Duration CHECK_EVERY = Duration.ofMillis(500);
  private static final int ROWS_MAX = 10_000;

  private static final String SAVE =
      """
      INSERT INTO extension_lock_wait (held, wanted, waiter, run, until_ms)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (held) DO UPDATE SET wanted = excluded.wanted, waiter = excluded.waiter,
        run = excluded.run, until_ms = excluded.until_ms
      """;

  private static final String DELETE = "DELETE FROM extension_lock_wait WHERE waiter = $1";

  // A row outlives its node, or a failed deletion, for as long as the wait could have lasted.
  private static final String ALL =
      """
      SELECT held, wanted, waiter FROM extension_lock_wait
      WHERE until_ms > $1 AND %s ORDER BY held LIMIT %d
      """
          .formatted(NodeLiveness.isAliveCondition("extension_lock_wait.run"), ROWS_MAX);

  private final Database database;
  private final LongSupplier run;
  private final InstantSource clock;

  private record Row(String held, String wanted, String waiter) {}

  /**
   * @param run the present run of the node
   */
  ClusterLockWaits(Database database, LongSupplier run, InstantSource clock) {
    this.database = database;
    this.run = run;
    this.clock = clock;
  }

  /**
   * The wait of the current thread for a lock.
   *
   * @param held the locks that it has; without any it cannot be part of a deadlock
   * @param waitMax how long it waits, at most
   */
  Wait begin(Set<String> held, String wanted, Duration waitMax) {
    return new Wait(Set.copyOf(held), wanted, waitMax);
  }

  /** Closed when the wait has ended, and before the thread goes on. */
  final class Wait implements AutoCloseable {
    private final Set<String> held;
    private final String wanted;
    private final Duration waitMax;
    private long nextNanos = System.nanoTime() + QUIET.toNanos();
    private String waiter = "";

    private Wait(Set<String> held, String wanted, Duration waitMax) {
      this.held = held;
      this.wanted = wanted;
      this.waitMax = waitMax;
    }

    /**
     * Looks for a deadlock if it is time to. True if the thread must give up; does not fail: a
     * deadlock that is not found ends with the time to wait.
     */
    boolean isDeadlock() {
      if (held.isEmpty() || System.nanoTime() - nextNanos < 0) {
        return false;
      }
      try {
        if (waiter.isEmpty()) {
          save();
        }
        return isVictim(database.read(ALL, clock.millis()).all(ClusterLockWaits::row));
      } catch (Refused unavailable) {
        LOG.debug("deadlocks cannot be looked for", unavailable);
        return false;
      } finally {
        nextNanos = System.nanoTime() + CHECK_EVERY.toNanos();
      }
    }

    private void save() {
      long present = run.getAsLong();
      String name = present + "/" + Thread.currentThread().threadId();
      waiter = name;
      long until = clock.instant().plus(waitMax).toEpochMilli();
      database.write(
          tx -> {
            for (String lock : held) {
              tx.run(SAVE, lock, wanted, name, present, until);
            }
            return true;
          });
    }

    private boolean isVictim(List<Row> rows) {
      Map<String, Row> byHeld = new HashMap<>();
      rows.forEach(row -> byHeld.put(row.held, row));
      String greatest = waiter;
      String lock = wanted;
      for (int i = 0; i < rows.size(); i++) {
        if (held.contains(lock)) {
          return greatest.equals(waiter);
        }
        Row next = byHeld.get(lock);
        if (next == null) {
          return false;
        }
        greatest = next.waiter.compareTo(greatest) > 0 ? next.waiter : greatest;
        lock = next.wanted;
      }
      return held.contains(lock) && greatest.equals(waiter);
    }

    @Override
    public void close() {
      if (waiter.isEmpty()) {
        return;
      }
      boolean interrupted = Thread.interrupted();
      try {
        database.write(tx -> tx.run(DELETE, waiter));
      } catch (Refused unavailable) {
        LOG.warn("the wait for a lock ends and its row stays for a while: {}", wanted, unavailable);
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private static Row row(dev.rookery.store.Row row) {
    return new Row(row.text("held"), row.text("wanted"), row.text("waiter"));
  }
}
