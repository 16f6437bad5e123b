package dev.rookery.store;

import dev.rookery.bus.EventTypes;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A SQLite file: one thread writes, the calling threads read. */
final class SqliteDatabase implements Database {
  private final FileHold hold;
  private final SqliteWriter writer;
  private final SqliteReaders readers;
  private final StoreMeters meters;

  private SqliteDatabase(
      FileHold hold, SqliteWriter writer, SqliteReaders readers, StoreMeters meters) {
    this.hold = hold;
    this.writer = writer;
    this.readers = readers;
    this.meters = meters;
  }

  static SqliteDatabase open(
      FileHold hold,
      Location.File at,
      StoreConfig config,
      EventTypes types,
      Posting posting,
      InstantSource clock,
      StoreMeters meters) {
    var health = new SqliteHealth(at);
    try {
      var connection = SqliteConnection.writer(at, config.statementWithin());
      var writer =
          new SqliteWriter(connection, health, types, posting, clock, meters, config.waitingMax());
      return new SqliteDatabase(
          hold, writer, new SqliteReaders(at, config, health, meters), meters);
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot open " + at.path(), failure);
    }
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    Waiting.refuseEventLoop();
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
    Waiting.refuseEventLoop();
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
