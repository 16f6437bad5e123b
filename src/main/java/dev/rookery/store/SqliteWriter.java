package dev.rookery.store;

import dev.rookery.base.CommittedEvent;
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
 * The one thread that writes to the file.
 *
 * <p>A commit waits for the disk, which can do a thousand of those in a second, while a unit of
 * work takes some microseconds. So all units that are waiting run in one transaction, each within a
 * savepoint: what one of them throws undoes that one alone. They are committed together, then their
 * events are posted, then they are answered. If the commit fails, all of them fail. A failure that
 * makes SQLite give up the transaction itself is its unit's alone too: the others are done again.
 */
final class SqliteWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
  private static final int BATCH_MAX = 512;
  private static final int ROUNDS_MAX = 8;
  private static final long BATCH_NANOS_MAX = Duration.ofMillis(10).toNanos();

  private final SqliteConnection connection;
  private final SqliteErrors health;
  private final EventTypes types;
  private final OutboxPublisher posting;
  private final InstantSource clock;
  private final StoreMeters meters;
  private final BlockingQueue<QueuedWrite<?>> waiting;
  private final Thread thread;
  private volatile boolean closing;

  SqliteWriter(
      SqliteConnection connection,
      SqliteErrors health,
      EventTypes types,
      OutboxPublisher posting,
      InstantSource clock,
      StoreMeters meters,
      int waitingMax) {
    this.connection = connection;
    this.health = health;
    this.types = types;
    this.posting = posting;
    this.clock = clock;
    this.meters = meters;
    this.waiting = new ArrayBlockingQueue<>(waitingMax);
    this.thread = Thread.ofPlatform().name("rookery-store-writer").daemon().start(this::work);
    meters.gauge(
        "rookery.store.waiting",
        "Units of work that wait for the writer",
        waiting,
        BlockingQueue::size);
  }

  <T> T write(Function<Transaction, T> work) {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("a unit of work must not begin another one");
    }
    if (closing || health.isCorrupt()) {
      throw StoreRefusals.unavailable();
    }
    var unit = new QueuedWrite<>(work);
    if (!waiting.offer(unit)) {
      throw StoreRefusals.busy();
    }
    if (closing) {
      // The writer may have looked for the last time before the offer.
      refuseWaiting();
    }
    return BlockingCall.on(unit.answer.future());
  }

  private void work() {
    while (!closing) {
      try {
        QueuedWrite<?> first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch(first);
        }
      } catch (InterruptedException _) {
        // Only closing ends this thread.
      } catch (RuntimeException | Error broken) {
        LOG.error("a batch of writes broke", broken);
      }
    }
    refuseWaiting();
  }

  private void refuseWaiting() {
    for (QueuedWrite<?> unit = waiting.poll(); unit != null; unit = waiting.poll()) {
      unit.fail(StoreRefusals.unavailable());
    }
  }

  private void batch(QueuedWrite<?> first) {
    List<QueuedWrite<?>> left = List.of(first);
    for (int round = 0; round < ROUNDS_MAX && !left.isEmpty(); round++) {
      left = attempt(left);
    }
    left.forEach(unit -> unit.fail(StoreRefusals.unavailable()));
  }

  /** Returns the units that have to be done again, since a neighbour took them with it. */
  private List<QueuedWrite<?>> attempt(List<QueuedWrite<?>> given) {
    var units = new ArrayList<QueuedWrite<?>>(given);
    long number = posting.begin();
    try {
      runAndCommit(units, number);
      return List.of();
    } catch (TransactionLostException _) {
      rollBack();
      units.forEach(QueuedWrite::failIfFailed);
      units.removeIf(QueuedWrite::hasFailed);
      return units;
    } catch (SQLException failure) {
      RuntimeException reason = health.explain(failure);
      rollBack();
      units.forEach(unit -> unit.fail(reason));
      return List.of();
    } catch (RuntimeException | Error broken) {
      rollBack();
      units.forEach(unit -> unit.fail(broken));
      throw broken;
    } finally {
      posting.end(number);
    }
  }

  /** Runs the units given, and adds to them and runs what comes in meanwhile. */
  private void runAndCommit(List<QueuedWrite<?>> units, long number)
      throws SQLException, TransactionLostException {
    var posted = new ArrayList<CommittedEvent>();
    long until = System.nanoTime() + BATCH_NANOS_MAX;
    connection.run("BEGIN IMMEDIATE");
    for (int next = 0; next < units.size(); next++) {
      units.get(next).run(number, posted);
      if (next == units.size() - 1 && next < BATCH_MAX && System.nanoTime() < until) {
        QueuedWrite<?> another = waiting.poll();
        if (another != null) {
          units.add(another);
        }
      }
    }
    long committing = System.nanoTime();
    connection.run("COMMIT");
    meters.commit.record(System.nanoTime() - committing, TimeUnit.NANOSECONDS);
    health.wrote();
    meters.batch.record(units.size());
    meters.appended.increment(posted.size());
    posting.post(posted);
    units.forEach(QueuedWrite::answer);
  }

  private void rollBack() {
    try {
      connection.run("ROLLBACK");
    } catch (SQLException _) {
      // Serious failures have rolled back by themselves; then there is nothing left to do it to.
    }
  }

  /** Commits what has begun, refuses what waits. */
  @Override
  public void close() {
    closing = true;
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
    try {
      connection.close();
    } catch (SQLException failure) {
      LOG.warn("the database file did not close in order", failure);
    }
  }

  /** One call's work and, later, its answer. */
  private final class QueuedWrite<T> {
    private final Function<Transaction, T> work;
    private final Promise<T> answer = Promise.promise();
    private @Nullable T result;
    private @Nullable Throwable failure;

    QueuedWrite(Function<Transaction, T> work) {
      this.work = work;
    }

    /**
     * Does the work, or leaves no trace of it.
     *
     * @throws TransactionLostException when the failure of this one has undone the whole
     *     transaction
     */
    void run(long number, List<CommittedEvent> posted)
        throws SQLException, TransactionLostException {
      failure = null;
      connection.run("SAVEPOINT unit");
      var transaction = new SqliteUnitOfWork(connection, health, types, meters, clock.instant());
      try {
        result = work.apply(transaction);
        posted.addAll(transaction.store(posting.node(), number));
      } catch (RuntimeException | Error thrown) {
        failure = thrown;
        backToSavepoint();
      }
      connection.run("RELEASE unit");
    }

    /** After the worst failures, a full disk among them, SQLite has no savepoint any more. */
    private void backToSavepoint() throws TransactionLostException {
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

  /** The whole transaction is gone, and with it what other units had done. */
  private static final class TransactionLostException extends Exception {
    private static final long serialVersionUID = 1L;

    TransactionLostException() {
      super(null, null, false, false);
    }
  }
}
