package dev.rookery.store;

import dev.rookery.base.FatalErrors;
import dev.rookery.bus.EventTypes;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides which units of work share a transaction.
 *
 * <p>Every transaction has a fixed cost: BEGIN, COMMIT, the statement that stores the events, and
 * the round trips. So only a bounded number of them run at a time, each led by one of the callers.
 * With few callers each has a transaction of its own at once. Calls that arrive while all are
 * running wait, and then run one after another in the next transaction, each within a savepoint: an
 * exception rolls back its unit alone.
 *
 * <p>Units that share a transaction hold each other's locks for longer, and two such transactions
 * may block each other. So a shared transaction waits for a lock only briefly. Then the units
 * before are committed, the unit that met the lock runs in a transaction of its own with the full
 * lock timeout, and those behind it are the next to share: the more contention, the fewer share.
 * When a shared transaction fails as a whole, nothing of it is committed, and each unit runs in its
 * own.
 */
final class PostgresWriter {
  private static final int ATTEMPTS_MAX = 5;
  private static final int SHARED_UNITS_MAX = 32;

  private final PostgresDatabase database;
  private final EventTypes types;
  private final InstantSource clock;
  private final StoreMeters meters;
  private final int concurrentMax;
  private final int pendingMax;
  private final ArrayDeque<QueuedWrite<?>> queue = new ArrayDeque<>();
  private int running;

  /**
   * @param concurrentMax number of concurrent transactions, besides those of units that run alone
   */
  PostgresWriter(
      PostgresDatabase database,
      EventTypes types,
      InstantSource clock,
      StoreMeters meters,
      int concurrentMax,
      int pendingMax) {
    this.database = database;
    this.types = types;
    this.clock = clock;
    this.meters = meters;
    this.concurrentMax = concurrentMax;
    this.pendingMax = pendingMax;
    meters.gauge(
        "rookery.store.writes.waiting",
        "Units of work that wait for a transaction",
        this,
        w -> w.size());
  }

  <T> T write(Function<Transaction, T> work) {
    var call = new QueuedWrite<>(work);
    return switch (startOrEnqueue(call) ? Signal.LEAD : await(call)) {
      case LEAD -> lead(call);
      case ALONE -> runAlone(work);
      case DONE -> call.result();
    };
  }

  private synchronized int size() {
    return queue.size();
  }

  private synchronized boolean startOrEnqueue(QueuedWrite<?> call) {
    if (running < concurrentMax) {
      running++;
      return true;
    }
    if (queue.size() >= pendingMax) {
      throw StoreRefusals.busy();
    }
    queue.add(call);
    return false;
  }

  private Signal await(QueuedWrite<?> call) {
    try {
      return BlockingCall.await(call.signal.future());
    } catch (Throwable interrupted) {
      // The caller no longer waits, but if it was to lead it must start the next one.
      call.signal.future().onSuccess(signal -> startNextIf(signal == Signal.LEAD));
      throw interrupted;
    }
  }

  private void startNextIf(boolean leading) {
    if (leading) {
      startNext();
    }
  }

  private <T> T lead(QueuedWrite<T> call) {
    try {
      List<QueuedWrite<?>> shared = takeShared(call);
      boolean done = shared.size() > 1 && runShared(shared);
      return done ? call.result() : runAlone(call.work);
    } finally {
      startNext();
    }
  }

  private synchronized List<QueuedWrite<?>> takeShared(QueuedWrite<?> first) {
    var shared = new ArrayList<QueuedWrite<?>>(1 + Math.min(queue.size(), SHARED_UNITS_MAX));
    shared.add(first);
    while (!queue.isEmpty() && shared.size() < SHARED_UNITS_MAX) {
      shared.add(queue.poll());
    }
    return shared;
  }

  /**
   * Puts units back at the front of the queue, and starts them at once where fewer transactions run
   * than allowed.
   */
  private void requeue(List<QueuedWrite<?>> calls) {
    synchronized (this) {
      calls.reversed().forEach(queue::addFirst);
    }
    while (true) {
      QueuedWrite<?> next;
      synchronized (this) {
        next = running < concurrentMax ? queue.poll() : null;
        if (next == null) {
          return;
        }
        running++;
      }
      next.signal.complete(Signal.LEAD);
    }
  }

  private void startNext() {
    QueuedWrite<?> next;
    synchronized (this) {
      next = queue.poll();
      if (next == null) {
        running--;
        return;
      }
    }
    next.signal.complete(Signal.LEAD);
  }

  /**
   * Runs units in a shared transaction. False if the first one has to run alone; the others have
   * been signalled by then.
   */
  private boolean runShared(List<QueuedWrite<?>> calls) {
    List<QueuedWrite<?>> shared = calls;
    List<QueuedWrite<?>> others = calls.subList(1, calls.size());
    var transaction = new PostgresTransaction(database, clock.instant(), true);
    try {
      for (int i = 0; i < shared.size(); i++) {
        switch (shared.get(i).run(transaction)) {
          case DONE -> {}
          case LOST -> {
            return runSeparately(transaction, others);
          }
          case LOCKED -> {
            requeue(calls.subList(i + 1, calls.size()));
            if (i == 0) {
              return runSeparately(transaction, List.of());
            }
            meters.retries.increment();
            calls.get(i).signal.complete(Signal.ALONE);
            shared = calls.subList(0, i);
            others = shared.subList(1, i);
          }
        }
      }
      meters.batch.record(shared.size());
      transaction.commit();
      database.errors().recordCommit();
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      if (transaction.isNothingCommitted()) {
        return runSeparately(transaction, others);
      }
      transaction.rollBack();
      shared.forEach(call -> call.fail(failure));
    }
    others.forEach(call -> call.signal.complete(Signal.DONE));
    return true;
  }

  private boolean runSeparately(PostgresTransaction transaction, List<QueuedWrite<?>> others) {
    transaction.rollBack();
    meters.retries.increment(1 + others.size());
    others.forEach(call -> call.signal.complete(Signal.ALONE));
    return false;
  }

  private <T> T runAlone(Function<Transaction, T> work) {
    for (int attempt = 1; ; attempt++) {
      var transaction = new PostgresTransaction(database, clock.instant(), false);
      try {
        T result =
            transaction.run(new PostgresUnitOfWork(transaction, types, clock.instant()), work);
        transaction.commit();
        database.errors().recordCommit();
        return result;
      } catch (RuntimeException | Error failure) {
        FatalErrors.endIfFatal(failure);
        transaction.rollBack();
        if (!transaction.lostRace()) {
          throw failure;
        }
        if (attempt == ATTEMPTS_MAX) {
          throw StoreRefusals.busy();
        }
        meters.retries.increment();
      }
    }
  }

  /** What a waiting caller is told to do. */
  private enum Signal {
    /** Lead the next transaction, with the calls that wait. */
    LEAD,
    /** The result is available. */
    DONE,
    /** Run alone in a transaction of its own, because sharing failed. */
    ALONE
  }

  /** The result of a unit in a shared transaction. */
  private enum UnitResult {
    /** It is complete, or it has thrown and was rolled back. */
    DONE,
    /** It met a lock and was rolled back. */
    LOCKED,
    /** The whole transaction is lost. */
    LOST
  }

  /** One call's work and, later, its result. */
  private final class QueuedWrite<T> {
    private final Function<Transaction, T> work;
    private final Promise<Signal> signal = Promise.promise();
    private @Nullable T result;
    private @Nullable Throwable failure;

    QueuedWrite(Function<Transaction, T> work) {
      this.work = work;
    }

    /** Runs the work, or rolls it back. */
    UnitResult run(PostgresTransaction transaction) {
      var unit = new PostgresUnitOfWork(transaction, types, clock.instant());
      try {
        result = transaction.run(unit, work);
        return UnitResult.DONE;
      } catch (RuntimeException | Error thrown) {
        FatalErrors.endIfFatal(thrown);
        if (transaction.isLocked()) {
          return transaction.rollBackUnit(unit) ? UnitResult.LOCKED : UnitResult.LOST;
        }
        failure = thrown;
        return transaction.rollBackUnit(unit) ? UnitResult.DONE : UnitResult.LOST;
      }
    }

    void fail(Throwable reason) {
      if (failure == null) {
        failure = reason;
      }
    }

    @SuppressWarnings("NullAway") // work may return null
    T result() {
      switch (failure) {
        case RuntimeException thrown -> throw thrown;
        case Error thrown -> throw thrown;
        case null, default -> {
          return result;
        }
      }
    }
  }
}
