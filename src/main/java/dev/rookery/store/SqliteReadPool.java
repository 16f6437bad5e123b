package dev.rookery.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A pool of read-only connections. A read from the page cache takes some microseconds, so it runs
 * on the caller's thread; handing it to another thread would cost more.
 */
final class SqliteReadPool implements AutoCloseable {
  private final DatabaseLocation.File location;
  private final Duration statementWithin;
  private final SqliteErrors errors;
  private final int max;
  private final int pendingMax;
  private final Semaphore permits;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ConcurrentLinkedDeque<SqliteConnection> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  SqliteReadPool(
      DatabaseLocation.File location, StoreConfig config, SqliteErrors errors, StoreMeters meters) {
    this.location = location;
    this.statementWithin = config.statementTimeout();
    this.errors = errors;
    this.max = config.connections();
    this.pendingMax = config.pendingMax();
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
      } catch (SQLException | RuntimeException failure) {
        // The state of this connection is unknown, and a new one is cheap.
        connection.close();
        throw failure;
      }
    } catch (SQLException failure) {
      throw errors.translate(failure);
    } finally {
      permits.release();
    }
  }

  private SqliteConnection borrow() throws SQLException {
    if (closed || errors.isMissing()) {
      throw StoreRefusals.unavailable();
    }
    SqliteConnection connection = idle.poll();
    return connection != null ? connection : SqliteConnection.reader(location, statementWithin);
  }

  private void acquire() {
    if (permits.tryAcquire()) {
      return;
    }
    if (waiting.incrementAndGet() > pendingMax) {
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

  /** Returns when the last read has ended. */
  @Override
  public void close() {
    closed = true;
    permits.acquireUninterruptibly(max);
    for (var connection = idle.poll(); connection != null; connection = idle.poll()) {
      try {
        connection.close();
      } catch (SQLException _) {
        // It was only used for reading.
      }
    }
    permits.release(max);
  }
}
