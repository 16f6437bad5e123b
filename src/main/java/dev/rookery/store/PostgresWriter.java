package dev.rookery.store;

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
 * <p>A transaction has a price whatever is done in it: BEGIN, COMMIT, the statement that stores the
 * events, and the turns two processes take for each. So a bounded number of them is under way at a
 * time, each led by one of the callers. With few callers everyone has a transaction of his own at
 * once. Who comes when all are under way waits, and those who have waited run one after another in
 * the next one, each within a savepoint: what one throws undoes that one alone.
 *
 * <p>Units that share hold each other's locks for longer, and two such transactions may wait for
 * each other. Therefore a shared one waits for a lock for a moment only. Then the units before are
 * committed, the one that met the lock has a transaction of its own, in which it waits as long as
 * any, and those behind it are the next to share: the more there is in the way, the fewer share.
 * When one fails as a whole nothing of it has happened, and each unit has its own.
 */
final class PostgresWriter {
  private static final int TRIES_MAX = 5;
  private static final int TOGETHER_MAX = 32;

  private final PostgresDatabase database;
  private final EventTypes types;
  private final InstantSource clock;
  private final StoreMeters meters;
  private final int atOnceMax;
  private final int waitingMax;
  private final ArrayDeque<QueuedWrite<?>> waiting = new ArrayDeque<>();
  private int underWay;

  /**
   * @param atOnceMax transactions under way, besides those of units that could not share
   */
  PostgresWriter(
      PostgresDatabase database,
      EventTypes types,
      InstantSource clock,
      StoreMeters meters,
      int atOnceMax,
      int waitingMax) {
    this.database = database;
    this.types = types;
    this.clock = clock;
    this.meters = meters;
    this.atOnceMax = atOnceMax;
    this.waitingMax = waitingMax;
    meters.gauge(
        "rookery.store.writes.waiting",
        "Units of work that wait for their turn",
        this,
        w -> w.size());
  }

  <T> T write(Function<Transaction, T> work) {
    var turn = new QueuedWrite<>(work);
    return switch (enter(turn) ? Signal.LEAD : await(turn)) {
      case LEAD -> lead(turn);
      case ALONE -> alone(work);
      case DONE -> turn.answer();
    };
  }

  private synchronized int size() {
    return waiting.size();
  }

  private synchronized boolean enter(QueuedWrite<?> turn) {
    if (underWay < atOnceMax) {
      underWay++;
      return true;
    }
    if (waiting.size() >= waitingMax) {
      throw StoreRefusals.busy();
    }
    waiting.add(turn);
    return false;
  }

  private Signal await(QueuedWrite<?> turn) {
    try {
      return BlockingCall.on(turn.word.future());
    } catch (Throwable interrupted) {
      // Nobody waits for the answer any more, but who was to lead must let the next one.
      turn.word.future().onSuccess(word -> passOnIf(word == Signal.LEAD));
      throw interrupted;
    }
  }

  private void passOnIf(boolean leading) {
    if (leading) {
      passOn();
    }
  }

  private <T> T lead(QueuedWrite<T> turn) {
    try {
      List<QueuedWrite<?>> sharing = gather(turn);
      boolean done = sharing.size() > 1 && together(sharing);
      return done ? turn.answer() : alone(turn.work);
    } finally {
      passOn();
    }
  }

  private synchronized List<QueuedWrite<?>> gather(QueuedWrite<?> first) {
    var sharing = new ArrayList<QueuedWrite<?>>(1 + Math.min(waiting.size(), TOGETHER_MAX));
    sharing.add(first);
    while (!waiting.isEmpty() && sharing.size() < TOGETHER_MAX) {
      sharing.add(waiting.poll());
    }
    return sharing;
  }

  /** They come before all others, and at once where fewer are under way than may be. */
  private void putBack(List<QueuedWrite<?>> turns) {
    synchronized (this) {
      turns.reversed().forEach(waiting::addFirst);
    }
    while (true) {
      QueuedWrite<?> next;
      synchronized (this) {
        next = underWay < atOnceMax ? waiting.poll() : null;
        if (next == null) {
          return;
        }
        underWay++;
      }
      next.word.complete(Signal.LEAD);
    }
  }

  private void passOn() {
    QueuedWrite<?> next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        underWay--;
        return;
      }
    }
    next.word.complete(Signal.LEAD);
  }

  /** False if the first has to be done alone; the others know what becomes of them by then. */
  private boolean together(List<QueuedWrite<?>> all) {
    List<QueuedWrite<?>> sharing = all;
    List<QueuedWrite<?>> others = all.subList(1, all.size());
    var transaction = new PostgresTransaction(database, clock.instant(), true);
    try {
      for (int i = 0; i < sharing.size(); i++) {
        switch (sharing.get(i).run(transaction)) {
          case DONE -> {}
          case LOST -> {
            return apart(transaction, others);
          }
          case LOCKED -> {
            putBack(all.subList(i + 1, all.size()));
            if (i == 0) {
              return apart(transaction, List.of());
            }
            meters.retries.increment();
            all.get(i).word.complete(Signal.ALONE);
            sharing = all.subList(0, i);
            others = sharing.subList(1, i);
          }
        }
      }
      meters.batch.record(sharing.size());
      transaction.commit();
    } catch (RuntimeException | Error failure) {
      if (transaction.isUndone()) {
        return apart(transaction, others);
      }
      transaction.rollBack();
      sharing.forEach(turn -> turn.fail(failure));
    }
    others.forEach(turn -> turn.word.complete(Signal.DONE));
    return true;
  }

  private boolean apart(PostgresTransaction transaction, List<QueuedWrite<?>> others) {
    transaction.rollBack();
    meters.retries.increment(1 + others.size());
    others.forEach(turn -> turn.word.complete(Signal.ALONE));
    return false;
  }

  private <T> T alone(Function<Transaction, T> work) {
    for (int tries = 1; ; tries++) {
      var transaction = new PostgresTransaction(database, clock.instant(), false);
      try {
        T result =
            transaction.run(new PostgresUnitOfWork(transaction, types, clock.instant()), work);
        transaction.commit();
        database.failures().worked();
        return result;
      } catch (RuntimeException | Error failure) {
        transaction.rollBack();
        if (!transaction.lostRace()) {
          throw failure;
        }
        if (tries == TRIES_MAX) {
          throw StoreRefusals.busy();
        }
        meters.retries.increment();
      }
    }
  }

  /** What a caller who waits is told. */
  private enum Signal {
    /** All before are under way: go on, with those who wait. */
    LEAD,
    /** The answer is there. */
    DONE,
    /** Sharing did not work out: do it in a transaction of your own. */
    ALONE
  }

  /** What came of a unit in a transaction that it shares. */
  private enum UnitResult {
    /** Or it has thrown, and left no trace. */
    DONE,
    /** Somebody's lock was in its way; it left no trace. */
    LOCKED,
    /** The transaction is lost. */
    LOST
  }

  /** One call's work and, later, its answer. */
  private final class QueuedWrite<T> {
    private final Function<Transaction, T> work;
    private final Promise<Signal> word = Promise.promise();
    private @Nullable T result;
    private @Nullable Throwable failure;

    QueuedWrite(Function<Transaction, T> work) {
      this.work = work;
    }

    /** Does the work, or leaves no trace of it. */
    UnitResult run(PostgresTransaction transaction) {
      var unit = new PostgresUnitOfWork(transaction, types, clock.instant());
      try {
        result = transaction.run(unit, work);
        return UnitResult.DONE;
      } catch (RuntimeException | Error thrown) {
        if (transaction.isLocked()) {
          return transaction.undo(unit) ? UnitResult.LOCKED : UnitResult.LOST;
        }
        failure = thrown;
        return transaction.undo(unit) ? UnitResult.DONE : UnitResult.LOST;
      }
    }

    void fail(Throwable reason) {
      if (failure == null) {
        failure = reason;
      }
    }

    @SuppressWarnings("NullAway") // a work may answer null
    T answer() {
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
