package dev.rookery.store;

import dev.rookery.base.Event;
import dev.rookery.base.Posted;
import dev.rookery.base.Refused;
import dev.rookery.bus.EventTypes;
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
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a unit of work. Every wait for the server is a round trip that both sides pay for,
 * so there are as few as can be: BEGIN travels with the first statement, COMMIT with the one that
 * stores the events.
 */
final class PostgresTransaction implements Transaction {
  private final PostgresDatabase database;
  private final EventTypes types;
  private final Instant now;
  private final List<Appended> appended = new ArrayList<>(4);
  private @Nullable SqlConnection connection;
  private @Nullable RuntimeException broken;
  private boolean lostRace;
  private boolean over;
  private boolean givenBack;

  PostgresTransaction(PostgresDatabase database, EventTypes types, Instant now) {
    this.database = database;
    this.types = types;
    this.now = now;
  }

  @Override
  public Rows run(String sql, @Nullable Object... values) {
    checkUsable();
    Tuple tuple = PostgresRows.tuple(values);
    long started = System.nanoTime();
    try {
      InFlight.Call<RowSet<io.vertx.sqlclient.Row>> call = database.inFlight().begin();
      onConnection(held -> call.follow(held.preparedQuery(sql).execute(tuple)), call::fail);
      return database.rows().rows(sql, call.await());
    } catch (Exception failure) {
      throw spoil(failure);
    } finally {
      database.meters().statement.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void append(String stream, Event event) {
    checkUsable();
    appended.add(new Appended(stream, event, types.name(event), types.write(event)));
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }

  /** Whether this attempt failed only because another transaction was in its way. */
  boolean lostRace() {
    return lostRace;
  }

  /**
   * Stores the events and commits, in one round trip, and shares a flush with others. The events
   * are posted on the event loop as soon as they are on the disk.
   */
  void commit() {
    if (broken != null) {
      throw broken;
    }
    over = true;
    if (connection == null && appended.isEmpty()) {
      return;
    }
    Posting posting = database.posting();
    long number = appended.isEmpty() ? 0 : posting.begin();
    InFlight.Call<Void> call = database.inFlight().begin();
    onConnection(
        held ->
            storeAndCommit(held, number)
                .onComplete(
                    posted -> {
                      posting.post(posted);
                      database.meters().appended.increment(posted.size());
                      posting.end(number);
                      call.succeed(null);
                    },
                    failure -> {
                      if (PostgresFailures.isAnswer(failure)) {
                        posting.end(number);
                      } else {
                        // Committed or not, nobody knows: the upkeep looks for the events later.
                        posting.doubt(number, now);
                      }
                      call.fail(failure);
                    }),
        failure -> {
          posting.end(number);
          call.fail(failure);
        });
    long started = System.nanoTime();
    try {
      call.await();
      database.meters().commit.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    } catch (Exception failure) {
      throw spoil(failure);
    }
  }

  private Future<List<Posted>> storeAndCommit(SqlConnection held, long number) {
    Future<List<Posted>> stored =
        appended.isEmpty()
            ? Future.succeededFuture(List.of())
            : PostgresAppend.send(held, appended, database.posting().node(), number, now);
    Future<?> committed = held.query("COMMIT").execute();
    return stored
        .compose(posted -> committed.map(posted))
        .compose(
            posted -> {
              giveBack(false);
              return database.flush().flushed().map(posted);
            });
  }

  /** Ends an attempt that did not commit. */
  void rollBack() {
    over = true;
    database.loop().runOnContext(_ -> giveBack(true));
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
                        fetched.query("BEGIN").execute();
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

  private RuntimeException spoil(Exception failure) {
    lostRace |= PostgresFailures.isLostRace(failure);
    broken = failure instanceof Refused refused ? refused : database.failures().explain(failure);
    return broken;
  }

  private void checkUsable() {
    if (over) {
      throw new IllegalStateException("the transaction is over");
    }
    if (broken != null) {
      throw broken;
    }
  }
}
