package dev.rookery.store;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a SQLite file on threads of its own. A long read holds the thread that runs it, and virtual
 * threads share as many carriers as there are cores: a few such reads on them would stop the node.
 */
final class SqliteReadLane implements Database {
  private final SqliteDatabase database;
  private final SqliteReadPool readers;
  private final ThreadPoolExecutor threads;
  private final StoreMeters meters;

  /** As long as a call to a database server waits for a connection and its answer. */
  private final Duration within;

  SqliteReadLane(
      SqliteDatabase database, SqliteReadPool readers, StoreConfig config, StoreMeters meters) {
    this.database = database;
    this.readers = readers;
    this.meters = meters;
    this.within = config.statementTimeout().plus(config.connectTimeout());
    this.threads =
        new ThreadPoolExecutor(
            config.connections(),
            config.connections(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(config.pendingMax()),
            Thread.ofPlatform().name("rookery-reads-", 0).daemon().factory());
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    BlockingCall.rejectEventLoop();
    long started = System.nanoTime();
    try {
      return onOwnThread(sql, values);
    } catch (RuntimeException failure) {
      meters.failed(failure);
      throw failure;
    } finally {
      meters.read.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  private Rows onOwnThread(String sql, @Nullable Object... values) {
    Future<Rows> read;
    try {
      read = threads.submit(() -> readers.read(sql, values));
    } catch (RejectedExecutionException _) {
      throw threads.isShutdown() ? StoreRefusals.unavailable() : StoreRefusals.busy();
    }
    try {
      return read.get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      // Nobody waits for it any more, so that it need not be run.
      read.cancel(false);
      throw StoreRefusals.busy();
    } catch (CancellationException _) {
      throw StoreRefusals.unavailable();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      read.cancel(false);
      throw StoreRefusals.unavailable();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    return database.write(work);
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public MeterRegistry registry() {
    return database.registry();
  }

  /** Refuses the reads that wait, and returns when the last one that runs has ended. */
  @Override
  public void close() {
    for (Runnable waiting : threads.shutdownNow()) {
      if (waiting instanceof Future<?> read) {
        read.cancel(false);
      }
    }
    readers.close();
  }
}
