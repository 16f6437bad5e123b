package dev.rookery.store;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Refused;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of the server, for one unit of work or for several, one after another. Every wait
 * for the server is a round trip that both sides pay for, so there are as few as can be: BEGIN and
 * savepoints travel with the statement behind them, COMMIT with the one that stores the events.
 */
final class PostgresTransaction {
  // Behind somebody's lock no longer than others wait for ours; see PostgresWriter.
  private static final String BEGIN_SHARED = "BEGIN; SET LOCAL lock_timeout = '50ms'";

  private final PostgresDatabase database;
  private final Instant now;
  private final boolean shared;
  private final List<PendingEvent> appended = new ArrayList<>(4);
  private final List<Future<List<CommittedEvent>>> stored = new ArrayList<>(1);
  private long number;
  private @Nullable PostgresUnitOfWork marked;
  private @Nullable PostgresUnitOfWork storedWithin;
  private @Nullable SqlConnection connection;
  private @Nullable RuntimeException lost;
  private @Nullable RuntimeException locked;
  private boolean undone = true;
  private boolean lostRace;
  private boolean givenBack;

  /**
   * @param shared whether several units may run in it
   */
  PostgresTransaction(PostgresDatabase database, Instant now, boolean shared) {
    this.database = database;
    this.now = now;
    this.shared = shared;
  }

  /** Does a unit's work; its events wait for {@link #commit}. */
  <T> T run(PostgresUnitOfWork unit, Function<Transaction, T> work) {
    T result = work.apply(unit);
    appended.addAll(unit.close());
    return result;
  }

  /** One statement of a unit; parks until its rows are there. */
  Rows run(PostgresUnitOfWork unit, String sql, @Nullable Object[] values) {
    if (lost != null) {
      throw lost;
    }
    if (locked != null) {
      throw locked;
    }
    Tuple tuple = PostgresRows.tuple(values);
    boolean storeFirst = !appended.isEmpty() && readsHeads(sql);
    long started = System.nanoTime();
    try {
      PendingCalls.PendingCall<RowSet<io.vertx.sqlclient.Row>> call = database.inFlight().begin();
      onConnection(
          held -> {
            if (shared) {
              mark(held, unit);
            }
            if (storeFirst) {
              storedWithin = unit;
              store(held);
            }
            call.follow(held.preparedQuery(sql).execute(tuple));
          },
          call::fail);
      return database.rows().rows(sql, call.await());
    } catch (Exception failure) {
      throw spoil(failure);
    } finally {
      database.meters().statement.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  /** Earlier units of this transaction may have appended; a position read now must count that. */
  private static boolean readsHeads(String sql) {
    return sql.contains("FROM stream");
  }

  /** Whether the unit that ran last had to wait for a lock for too long, and must be undone. */
  boolean isLocked() {
    return locked != null;
  }

  /**
   * Undoes one unit alone; false if that cannot be, and the whole transaction has to be rolled
   * back.
   */
  boolean undo(PostgresUnitOfWork unit) {
    if (lost != null || storedWithin == unit) {
      return false;
    }
    locked = null;
    database
        .loop()
        .runOnContext(
            _ -> {
              if (marked == unit && connection != null) {
                connection.query("ROLLBACK TO unit").execute();
              }
            });
    return true;
  }

  /** Runs on the event loop: what this unit does from here on can be undone. */
  private void mark(SqlConnection held, PostgresUnitOfWork unit) {
    if (marked != unit) {
      held.query(marked == null ? "SAVEPOINT unit" : "RELEASE unit; SAVEPOINT unit").execute();
      marked = unit;
    }
  }

  /** Whether this attempt failed only because another transaction was in its way. */
  boolean lostRace() {
    return lostRace;
  }

  /** Whether it is certain that nothing was committed. */
  boolean isUndone() {
    return undone;
  }

  /**
   * Stores the events and commits, in one round trip, and shares a flush with others. The events
   * are posted on the event loop as soon as they are on the disk.
   */
  void commit() {
    if (lost != null) {
      throw lost;
    }
    if (connection == null && appended.isEmpty()) {
      return;
    }
    PendingCalls.PendingCall<Void> call = database.inFlight().begin();
    onConnection(held -> finish(held, call), call::fail);
    long started = System.nanoTime();
    try {
      call.await();
      database.meters().commit.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    } catch (Exception failure) {
      throw spoil(failure);
    }
  }

  private void finish(SqlConnection held, PendingCalls.PendingCall<Void> call) {
    undone = false;
    OutboxPublisher posting = database.posting();
    storeAndCommit(held)
        .onComplete(
            posted -> {
              posting.post(posted);
              database.meters().appended.increment(posted.size());
              posting.end(number);
              call.succeed(null);
            },
            failure -> {
              if (PostgresErrors.isAnswer(failure)) {
                undone = true;
                posting.end(number);
              } else {
                // Committed or not, nobody knows: the upkeep looks for the events later.
                posting.doubt(number, now);
              }
              call.fail(failure);
            });
  }

  private Future<List<CommittedEvent>> storeAndCommit(SqlConnection held) {
    if (!appended.isEmpty()) {
      store(held);
    }
    Future<?> committed = held.query("COMMIT").execute();
    return Future.all(stored)
        .compose(_ -> committed)
        .compose(
            _ -> {
              giveBack(false);
              return database.flush().flushed();
            })
        .map(_ -> stored.stream().flatMap(events -> events.result().stream()).toList());
  }

  /** Runs on the event loop. */
  private void store(SqlConnection held) {
    OutboxPublisher posting = database.posting();
    if (number == 0) {
      number = posting.begin();
    }
    stored.add(PostgresOutboxInsert.send(held, List.copyOf(appended), posting.node(), number, now));
    appended.clear();
  }

  /** Ends an attempt that did not commit. */
  void rollBack() {
    database
        .loop()
        .runOnContext(
            _ -> {
              giveBack(true);
              if (undone) {
                database.posting().end(number);
              }
            });
  }

  /** Runs on the event loop: the first statement fetches the connection, and sends BEGIN ahead. */
  private void onConnection(Consumer<SqlConnection> send, Handler<Throwable> failed) {
    database
        .loop()
        .runOnContext(
            _ -> {
              if (connection != null) {
                send.accept(connection);
                return;
              }
              database
                  .pool()
                  .getConnection()
                  .onComplete(
                      fetched -> {
                        if (givenBack) {
                          fetched.close();
                          return;
                        }
                        connection = fetched;
                        fetched.query(shared ? BEGIN_SHARED : "BEGIN").execute();
                        send.accept(fetched);
                      },
                      failed);
            });
  }

  /** Runs on the event loop. */
  private void giveBack(boolean undo) {
    givenBack = true;
    SqlConnection held = connection;
    if (held == null) {
      return;
    }
    connection = null;
    if (undo) {
      // Whoever gets the connection next sends behind this.
      held.query("ROLLBACK").execute();
    }
    held.close();
  }

  /**
   * A refused statement is its unit's alone, and so is a lock that was not to be had; a lost race
   * or a lost server is everybody's.
   */
  private RuntimeException spoil(Exception failure) {
    boolean race = PostgresErrors.isLostRace(failure);
    lostRace |= race;
    RuntimeException told =
        failure instanceof Refused refused ? refused : database.failures().explain(failure);
    if (!shared || race || !PostgresErrors.isAnswer(failure)) {
      lost = told;
    } else if (PostgresErrors.isLocked(failure)) {
      locked = told;
    }
    return told;
  }
}
