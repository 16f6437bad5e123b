package dev.rookery.store;

import dev.rookery.bus.CommandScope;
import dev.rookery.bus.EventTypes;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A SQLite database file: one thread writes, the calling threads read. */
final class SqliteDatabase implements Database {
  private final DatabaseFileLock fileLock;
  private final SqliteWriter writer;
  private final SqliteReadPool readers;
  private final SqliteErrors errors;
  private final StoreMeters meters;

  private SqliteDatabase(
      DatabaseFileLock fileLock,
      SqliteWriter writer,
      SqliteReadPool readers,
      SqliteErrors errors,
      StoreMeters meters) {
    this.fileLock = fileLock;
    this.errors = errors;
    this.writer = writer;
    this.readers = readers;
    this.meters = meters;
  }

  static SqliteDatabase open(
      DatabaseFileLock fileLock,
      DatabaseLocation.File location,
      StoreConfig config,
      EventTypes types,
      OutboxPublisher publisher,
      InstantSource clock,
      StoreMeters meters,
      WriteState writes) {
    var errors = new SqliteErrors(location, writes);
    try {
      var connection = SqliteConnection.writer(location, config.statementTimeout());
      var writer =
          new SqliteWriter(
              connection, errors, types, publisher, clock, meters, config.pendingMax());
      return new SqliteDatabase(
          fileLock, writer, new SqliteReadPool(location, config, errors, meters), errors, meters);
    } catch (SQLException failure) {
      throw new IllegalStateException(
          "cannot open " + location.path() + ": " + failure.getMessage(), failure);
    }
  }

  /**
   * Returns reads with connections and bounds of their own, without metrics; closed before this.
   */
  Database lane(DatabaseLocation.File location, StoreConfig config) {
    var none = StoreMeters.none();
    return new SqliteReadLane(
        this, new SqliteReadPool(location, config, errors, none), config, none);
  }

  /** Refuses everything from now on if the file was removed or replaced. */
  void checkFiles() {
    errors.checkFiles();
  }

  /** The thread without which nothing is written. */
  Thread writerThread() {
    return writer.thread();
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    BlockingCall.rejectEventLoop();
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
    BlockingCall.rejectEventLoop();
    long started = System.nanoTime();
    try {
      return writer.write(inScope(work));
    } catch (RuntimeException failure) {
      meters.failed(failure);
      throw failure;
    } finally {
      meters.write.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  /** The writer has a thread of its own, which must know on whose behalf the work is done. */
  private static <T> Function<Transaction, T> inScope(Function<Transaction, T> work) {
    CommandScope scope = CommandScope.current();
    return scope == null ? work : tx -> CommandScope.call(scope, () -> work.apply(tx));
  }

  @Override
  public MeterRegistry registry() {
    return meters.registry();
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public void close() {
    readers.close();
    writer.close();
    fileLock.close();
  }
}
