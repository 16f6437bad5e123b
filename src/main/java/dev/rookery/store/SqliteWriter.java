package dev.rookery.store;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.FatalErrors;
import dev.rookery.bus.EventTypes;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single thread that writes to the file.
 *
 * <p>A commit waits for the disk, which does about a thousand of them a second, while a unit of
 * work takes some microseconds. So all waiting units run in one transaction, each within a
 * savepoint: an exception rolls back its unit alone. They are committed together, then their events
 * are published, then their callers are answered. If the commit fails, all of them fail. A failure
 * that makes SQLite roll back the whole transaction fails its unit alone: the others run again.
 */
final class SqliteWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
  private static final int BATCH_MAX = 512;
  private static final int ATTEMPTS_MAX = 8;
  private static final long BATCH_NANOS_MAX = Duration.ofMillis(10).toNanos();

  private final SqliteConnection connection;
  private final SqliteErrors errors;
  private final EventTypes types;
  private final OutboxPublisher publisher;
  private final InstantSource clock;
  private final StoreMeters meters;
  private final BlockingQueue<QueuedWrite<?>> queue;
  private final Thread thread;
  private volatile boolean closing;

  SqliteWriter(
      SqliteConnection connection,
      SqliteErrors errors,
      EventTypes types,
      OutboxPublisher publisher,
      InstantSource clock,
      StoreMeters meters,
      int pendingMax) {
    this.connection = connection;
    this.errors = errors;
    this.types = types;
    this.publisher = publisher;
    this.clock = clock;
    this.meters = meters;
    this.queue = new ArrayBlockingQueue<>(pendingMax);
    this.thread = Thread.ofPlatform().name("rookery-store-writer").daemon().start(this::work);
    meters.gauge(
        "rookery.store.waiting",
        "Units of work that wait for the writer",
        queue,
        BlockingQueue::size);
  }

  Thread thread() {
    return thread;
  }

  <T> T write(Function<Transaction, T> work) {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("a unit of work must not begin another one");
    }
    if (closing || errors.refusesWrites()) {
      throw StoreRefusals.unavailable();
    }
    var call = new QueuedWrite<>(work);
    if (!queue.offer(call)) {
      throw StoreRefusals.busy();
    }
    if (closing) {
      // The writer may have checked its queue for the last time before this call was added.
      refuseQueued();
    }
    return BlockingCall.await(call.answer.future());
  }

  private void work() {
    while (!closing) {
      try {
        batch(queue.take());
      } catch (InterruptedException _) {
        // Only closing ends this thread.
      } catch (RuntimeException | Error failure) {
        FatalErrors.endIfFatal(failure);
        LOG.error("a batch of writes failed", failure);
      }
    }
    refuseQueued();
  }

  private void refuseQueued() {
    for (QueuedWrite<?> call = queue.poll(); call != null; call = queue.poll()) {
      call.fail(StoreRefusals.unavailable());
    }
  }

  private void batch(QueuedWrite<?> first) {
    List<QueuedWrite<?>> remaining = List.of(first);
    for (int attempt = 0; attempt < ATTEMPTS_MAX && !remaining.isEmpty(); attempt++) {
      remaining = runBatch(remaining);
    }
    remaining.forEach(call -> call.fail(StoreRefusals.unavailable()));
  }

  /**
   * Runs the given units; returns those that must run again because another unit rolled back the
   * whole transaction.
   */
  private List<QueuedWrite<?>> runBatch(List<QueuedWrite<?>> batch) {
    var calls = new ArrayList<QueuedWrite<?>>(batch);
    long transactionNumber = publisher.start();
    try {
      runAndCommit(calls, transactionNumber);
      return List.of();
    } catch (TransactionLostException _) {
      rollBack();
      calls.forEach(QueuedWrite::failIfFailed);
      calls.removeIf(QueuedWrite::hasFailed);
      return calls;
    } catch (SQLException failure) {
      RuntimeException reason = errors.translate(failure);
      rollBack();
      calls.forEach(call -> call.fail(reason));
      return List.of();
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      rollBack();
      calls.forEach(call -> call.fail(failure));
      throw failure;
    } finally {
      publisher.complete(transactionNumber);
    }
  }

  /** Runs the given units, and those that arrive meanwhile, in one transaction. */
  private void runAndCommit(List<QueuedWrite<?>> calls, long transactionNumber)
      throws SQLException, TransactionLostException {
    var events = new ArrayList<CommittedEvent>();
    long deadline = System.nanoTime() + BATCH_NANOS_MAX;
    connection.run("BEGIN IMMEDIATE");
    for (int i = 0; i < calls.size(); i++) {
      calls.get(i).run(transactionNumber, events);
      if (i == calls.size() - 1 && i < BATCH_MAX && System.nanoTime() < deadline) {
        QueuedWrite<?> next = queue.poll();
        if (next != null) {
          calls.add(next);
        }
      }
    }
    long committing = System.nanoTime();
    connection.run("COMMIT");
    meters.commit.record(System.nanoTime() - committing, TimeUnit.NANOSECONDS);
    if (!errors.checkFiles()) {
      // It was committed to a file that nobody will find again.
      calls.forEach(call -> call.fail(StoreRefusals.unavailable()));
      return;
    }
    errors.recordSuccess();
    meters.batch.record(calls.size());
    meters.appended.increment(events.size());
    publisher.publish(events);
    calls.forEach(QueuedWrite::answer);
  }

  private void rollBack() {
    try {
      connection.run("ROLLBACK");
    } catch (SQLException _) {
      // After a serious failure SQLite has already rolled back.
    }
  }

  /** Commits the running batch and refuses the calls that wait. */
  @Override
  public void close() {
    closing = true;
    // A thread that waits for work is woken by some; with a full queue it does not wait.
    queue.offer(new QueuedWrite<>(_ -> null));
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!errors.checkFiles()) {
      // SQLite would remove the log at the path, which may belong to another database now.
      return;
    }
    try {
      connection.close();
    } catch (SQLException failure) {
      LOG.warn("the database file was not closed cleanly", failure);
    }
  }

  /** One call's work and, later, its result. */
  private final class QueuedWrite<T> {
    private final Function<Transaction, T> work;
    private final Promise<T> answer = Promise.promise();
    private @Nullable T result;
    private @Nullable Throwable failure;

    QueuedWrite(Function<Transaction, T> work) {
      this.work = work;
    }

    /**
     * Runs the work, or rolls it back.
     *
     * @throws TransactionLostException when its failure has rolled back the whole transaction
     */
    void run(long transactionNumber, List<CommittedEvent> events)
        throws SQLException, TransactionLostException {
      failure = null;
      connection.run("SAVEPOINT unit");
      var transaction = new SqliteUnitOfWork(connection, errors, types, meters, clock.instant());
      try {
        result = work.apply(transaction);
        events.addAll(transaction.storeEvents(publisher.run(), transactionNumber));
      } catch (RuntimeException | Error thrown) {
        FatalErrors.endIfFatal(thrown);
        failure = thrown;
        rollBackToSavepoint();
      }
      connection.run("RELEASE unit");
    }

    /**
     * Rolls back to the savepoint. After serious failures, a full disk among them, SQLite has no
     * savepoint any more.
     */
    private void rollBackToSavepoint() throws TransactionLostException {
      try {
        connection.run("ROLLBACK TO unit");
      } catch (SQLException _) {
        throw new TransactionLostException();
      }
    }

    boolean hasFailed() {
      return failure != null;
    }

    void failIfFailed() {
      if (failure != null) {
        answer.tryFail(failure);
      }
    }

    void answer() {
      if (failure != null) {
        answer.tryFail(failure);
      } else {
        answer.tryComplete(result);
      }
    }

    void fail(Throwable reason) {
      answer.tryFail(failure != null ? failure : reason);
    }
  }

  /** The whole transaction was rolled back, with the work of other units. */
  private static final class TransactionLostException extends Exception {
    private static final long serialVersionUID = 1L;

    TransactionLostException() {
      super(null, null, false, false);
    }
  }
}
