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
 * One transaction on the server, for one unit of work or for several that run one after another.
 * Every round trip costs both sides, so there are as few as possible: BEGIN and savepoints travel
 * with the statement after them, COMMIT with the statement that stores the events.
 */
final class PostgresTransaction {
  // A short lock timeout, because others wait for the locks of this transaction; see
  // PostgresWriter.
  private static final String LOCK_TIMEOUT_SHARED = "50ms";

  private final PostgresDatabase database;
  private final Instant now;
  private final boolean shared;
  private final List<PendingEvent> appended = new ArrayList<>(4);
  private final List<Future<List<CommittedEvent>>> stored = new ArrayList<>(1);
  private long transactionNumber;
  private @Nullable PostgresUnitOfWork savepointOwner;
  private @Nullable PostgresUnitOfWork storedBy;
  private @Nullable SqlConnection connection;
  private @Nullable RuntimeException transactionFailure;
  private @Nullable RuntimeException lockFailure;
  private boolean nothingCommitted = true;
  private boolean lostRace;
  private boolean readOnly;
  private boolean wrote;
  private boolean released;

  /**
   * @param shared whether several units of work may run in it
   */
  PostgresTransaction(PostgresDatabase database, Instant now, boolean shared) {
    this.database = database;
    this.now = now;
    this.shared = shared;
  }

  /** Runs a unit of work; its events are stored by {@link #commit}. */
  <T> T run(PostgresUnitOfWork unit, Function<Transaction, T> work) {
    T result = work.apply(unit);
    appended.addAll(unit.close());
    wrote |= !appended.isEmpty();
    return result;
  }

  /** Runs one statement of a unit of work; blocks until its rows are there. */
  Rows run(PostgresUnitOfWork unit, String sql, @Nullable Object[] values) {
    if (transactionFailure != null) {
      throw transactionFailure;
    }
    if (lockFailure != null) {
      throw lockFailure;
    }
    wrote |= !sql.startsWith("SELECT");
    Tuple tuple = PostgresRows.tuple(values);
    boolean storeFirst = !appended.isEmpty() && readsHeads(sql);
    long started = System.nanoTime();
    try {
      PendingCalls.PendingCall<RowSet<io.vertx.sqlclient.Row>> call =
          database.pendingCalls().start();
      onConnection(
          current -> {
            if (shared) {
              setSavepoint(current, unit);
            }
            if (storeFirst) {
              storedBy = unit;
              storeEvents(current);
            }
            call.completeWith(current.preparedQuery(sql).execute(tuple));
          },
          call::fail);
      return database.rows().rows(sql, call.await());
    } catch (Exception failure) {
      throw recordFailure(failure);
    } finally {
      database.meters().statement.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Whether the statement reads stream heads. Earlier units of this transaction may have appended
   * events, and a position read now must count them.
   */
  private static boolean readsHeads(String sql) {
    return sql.contains("FROM stream");
  }

  /** Whether the last unit exceeded the lock timeout, so that it must be rolled back. */
  boolean isLocked() {
    return lockFailure != null;
  }

  /**
   * Rolls back one unit alone; false if that is impossible and the whole transaction must be rolled
   * back.
   */
  boolean rollBackUnit(PostgresUnitOfWork unit) {
    if (transactionFailure != null || storedBy == unit) {
      return false;
    }
    lockFailure = null;
    database
        .loop()
        .runOnContext(
            _ -> {
              if (savepointOwner == unit && connection != null) {
                connection.query("ROLLBACK TO unit").execute();
              }
            });
    return true;
  }

  /** Sets a savepoint before this unit's first statement. Runs on the event loop. */
  private void setSavepoint(SqlConnection current, PostgresUnitOfWork unit) {
    if (savepointOwner != unit) {
      current
          .query(savepointOwner == null ? "SAVEPOINT unit" : "RELEASE unit; SAVEPOINT unit")
          .execute();
      savepointOwner = unit;
    }
  }

  /** Whether this attempt failed only because it lost a race with another transaction. */
  boolean lostRace() {
    return lostRace;
  }

  /** Whether it is certain that nothing was committed. */
  boolean isNothingCommitted() {
    return nothingCommitted;
  }

  /**
   * Stores the events and commits in one round trip, and shares a flush with other transactions.
   * The events are published on the event loop as soon as they are on the disk.
   */
  void commit() {
    if (transactionFailure != null) {
      throw transactionFailure;
    }
    if (connection == null && appended.isEmpty()) {
      return;
    }
    PendingCalls.PendingCall<Void> call = database.pendingCalls().start();
    onConnection(current -> storeAndPublish(current, call), call::fail);
    long started = System.nanoTime();
    try {
      call.await();
      database.meters().commit.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    } catch (Exception failure) {
      throw recordFailure(failure);
    }
  }

  private void storeAndPublish(SqlConnection current, PendingCalls.PendingCall<Void> call) {
    nothingCommitted = false;
    OutboxPublisher publisher = database.publisher();
    storeAndCommit(current)
        .onComplete(
            events -> {
              if (wrote) {
                database.recordWritten();
              }
              publisher.publish(events);
              database.meters().appended.increment(events.size());
              publisher.complete(transactionNumber);
              call.succeed(null);
            },
            failure -> {
              if (PostgresErrors.isServerReply(failure)) {
                nothingCommitted = true;
                publisher.complete(transactionNumber);
              } else {
                // The outcome is unknown; maintenance looks for the events later.
                publisher.markUncertain(transactionNumber, now);
              }
              call.fail(failure);
            });
  }

  private Future<List<CommittedEvent>> storeAndCommit(SqlConnection current) {
    if (!appended.isEmpty()) {
      storeEvents(current);
    }
    Future<?> committed = current.query("COMMIT").execute();
    return Future.all(stored)
        .compose(_ -> committed)
        .compose(
            _ -> {
              release(false);
              return database.flush().flush();
            })
        .map(_ -> stored.stream().flatMap(events -> events.result().stream()).toList());
  }

  /** Runs on the event loop. */
  private void storeEvents(SqlConnection current) {
    OutboxPublisher publisher = database.publisher();
    if (transactionNumber == 0) {
      transactionNumber = publisher.start();
    }
    stored.add(
        PostgresOutboxInsert.insert(
            current, List.copyOf(appended), publisher.run(), transactionNumber, now));
    appended.clear();
  }

  /** Rolls back a transaction that was not committed. */
  void rollBack() {
    database
        .loop()
        .runOnContext(
            _ -> {
              release(true);
              if (nothingCommitted) {
                database.publisher().complete(transactionNumber);
              }
            });
  }

  /**
   * Runs {@code send} with the connection, on the event loop. The first call takes a connection
   * from the pool and sends BEGIN ahead.
   */
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
                        if (released) {
                          fetched.close();
                          return;
                        }
                        connection = fetched;
                        fetched.query(begin()).execute();
                        send.accept(fetched);
                      },
                      failed);
            });
  }

  private String begin() {
    PostgresSession session = database.session();
    return shared ? session.begin(LOCK_TIMEOUT_SHARED) : session.begin();
  }

  /** Runs on the event loop. */
  private void release(boolean rollBack) {
    released = true;
    SqlConnection current = connection;
    if (current == null) {
      return;
    }
    connection = null;
    if (readOnly) {
      database.replaceReadOnly(current);
      return;
    }
    if (rollBack) {
      // The next user of the connection sends its statements after this one.
      current.query("ROLLBACK").execute();
    }
    current.close();
  }

  /**
   * Records a failure. An error of a statement or a lock timeout affects its unit alone; a lost
   * race or a lost connection affects the whole transaction.
   */
  private RuntimeException recordFailure(Exception failure) {
    boolean race = PostgresErrors.isLostRace(failure);
    lostRace |= race;
    readOnly |= PostgresErrors.isReadOnly(failure);
    RuntimeException translated =
        failure instanceof Refused refused ? refused : database.errors().translate(failure);
    if (!shared || race || !PostgresErrors.isServerReply(failure)) {
      transactionFailure = translated;
    } else if (PostgresErrors.isLocked(failure)) {
      lockFailure = translated;
    }
    return translated;
  }
}
