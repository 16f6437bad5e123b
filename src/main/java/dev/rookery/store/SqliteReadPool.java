package dev.rookery.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Connections that only read, lent to the calling threads. A read from the page cache takes some
 * microseconds, so it runs right on the caller's thread; a hop to another one would cost more.
 */
final class SqliteReadPool implements AutoCloseable {
  private final DatabaseLocation.File at;
  private final Duration statementWithin;
  private final SqliteErrors health;
  private final int max;
  private final int waitingMax;
  private final Semaphore permits;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ConcurrentLinkedDeque<SqliteConnection> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  SqliteReadPool(
      DatabaseLocation.File at, StoreConfig config, SqliteErrors health, StoreMeters meters) {
    this.at = at;
    this.statementWithin = config.statementWithin();
    this.health = health;
    this.max = config.connections();
    this.waitingMax = config.waitingMax();
    this.permits = new Semaphore(max);
    meters.gauge(
        "rookery.store.connections.used",
        "Connections in use",
        permits,
        free -> max - free.availablePermits());
  }

  Rows read(String sql, @Nullable Object... values) {
    acquire();
    try {
      SqliteConnection connection = borrow();
      try {
        Rows rows = connection.run(sql, values);
        idle.push(connection);
        return rows;
      } catch (SQLException | RuntimeException broken) {
        // Whatever state it is in, a new one is cheap.
        connection.close();
        throw broken;
      }
    } catch (SQLException failure) {
      throw health.explain(failure);
    } finally {
      permits.release();
    }
  }

  private SqliteConnection borrow() throws SQLException {
    if (closed) {
      throw StoreRefusals.unavailable();
    }
    SqliteConnection last = idle.poll();
    return last != null ? last : SqliteConnection.reader(at, statementWithin);
  }

  private void acquire() {
    if (permits.tryAcquire()) {
      return;
    }
    if (waiting.incrementAndGet() > waitingMax) {
      waiting.decrementAndGet();
      throw StoreRefusals.busy();
    }
    try {
      if (!permits.tryAcquire(statementWithin.toMillis(), TimeUnit.MILLISECONDS)) {
        throw StoreRefusals.busy();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw StoreRefusals.unavailable();
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Ends when the last read has. */
  @Override
  public void close() {
    closed = true;
    permits.acquireUninterruptibly(max);
    for (var connection = idle.poll(); connection != null; connection = idle.poll()) {
      try {
        connection.close();
      } catch (SQLException _) {
        // It only read.
      }
    }
    permits.release(max);
  }
}
