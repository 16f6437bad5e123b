package dev.rookery.store;

import dev.rookery.bus.EventTypes;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A SQLite file: one thread writes, the calling threads read. */
final class SqliteDatabase implements Database {
  private final DatabaseFileLock hold;
  private final SqliteWriter writer;
  private final SqliteReadPool readers;
  private final StoreMeters meters;

  private SqliteDatabase(
      DatabaseFileLock hold, SqliteWriter writer, SqliteReadPool readers, StoreMeters meters) {
    this.hold = hold;
    this.writer = writer;
    this.readers = readers;
    this.meters = meters;
  }

  static SqliteDatabase open(
      DatabaseFileLock hold,
      DatabaseLocation.File at,
      StoreConfig config,
      EventTypes types,
      OutboxPublisher posting,
      InstantSource clock,
      StoreMeters meters) {
    var health = new SqliteErrors(at);
    try {
      var connection = SqliteConnection.writer(at, config.statementWithin());
      var writer =
          new SqliteWriter(connection, health, types, posting, clock, meters, config.waitingMax());
      return new SqliteDatabase(
          hold, writer, new SqliteReadPool(at, config, health, meters), meters);
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot open " + at.path(), failure);
    }
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    BlockingCall.refuseEventLoop();
    long started = System.nanoTime();
    try {
      return readers.read(sql, values);
    } catch (RuntimeException failure) {
      meters.failed(failure);
      throw failure;
    } finally {
      meters.read.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    BlockingCall.refuseEventLoop();
    long started = System.nanoTime();
    try {
      return writer.write(work);
    } catch (RuntimeException failure) {
      meters.failed(failure);
      throw failure;
    } finally {
      meters.write.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public void close() {
    readers.close();
    writer.close();
    hold.close();
  }
}
