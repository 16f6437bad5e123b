package dev.rookery.store;

import dev.rookery.base.FatalErrors;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Flushes commits to the disk in groups.
 *
 * <p>A commit that waits for the disk itself costs the server two context switches and holds its
 * locks meanwhile. So transactions commit without that wait, and one connection then commits an
 * empty transaction that does wait. The write-ahead log is written in order: when the later commit
 * is on the disk, so is everything committed before it began. One flush at a time is in flight;
 * commits that arrive meanwhile share the next one.
 *
 * <p>No caller is answered, and no event is published, before its flush. Rows that others may see
 * in between are what they may see on any server that is about to crash. Confined to the event
 * loop.
 */
final class PostgresGroupFlush {
  // Waits for the disk even if the database or the role was told not to wait; a stronger setting,
  // which waits for a standby, stays.
  private static final String EMPTY_COMMIT =
      """
      SELECT set_config('synchronous_commit',
          CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
            ELSE current_setting('synchronous_commit') END, true),
        pg_logical_emit_message(true, 'rookery', '')
      """;

  private final Vertx vertx;
  private final Supplier<Future<PgConnectOptions>> options;
  private List<Promise<Void>> waiting = new ArrayList<>();
  private @Nullable PgConnection connection;
  private boolean inFlight;

  /**
   * @param options what a connection is opened with
   */
  PostgresGroupFlush(Vertx vertx, Supplier<Future<PgConnectOptions>> options) {
    this.vertx = vertx;
    this.options = options;
  }

  /** Succeeds when everything committed before this call is on the disk. */
  Future<Void> flush() {
    Promise<Void> promise = Promise.promise();
    waiting.add(promise);
    if (!inFlight) {
      startFlush();
    }
    return promise.future();
  }

  private void startFlush() {
    inFlight = true;
    List<Promise<Void>> group = waiting;
    waiting = new ArrayList<>();
    connect()
        .compose(current -> current.query(EMPTY_COMMIT).execute())
        .onComplete(
            _ -> {
              try {
                group.forEach(Promise::tryComplete);
              } finally {
                startNext();
              }
            },
            failure -> {
              FatalErrors.endIfFatal(failure);
              try {
                disconnect();
                group.forEach(promise -> promise.tryFail(failure));
              } finally {
                startNext();
              }
            });
  }

  private void startNext() {
    inFlight = false;
    if (!waiting.isEmpty()) {
      startFlush();
    }
  }

  /** Has the next flush use a new connection, as other commits do from now on. */
  void renew() {
    disconnect();
  }

  private Future<PgConnection> connect() {
    if (connection != null) {
      return Future.succeededFuture(connection);
    }
    return options
        .get()
        .compose(found -> PgConnection.connect(vertx, found))
        .onSuccess(
            created -> {
              connection = created;
              created.closeHandler(
                  _ -> {
                    if (connection == created) {
                      connection = null;
                    }
                  });
            });
  }

  private void disconnect() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  /** Closes the connection, when no more calls come. */
  Future<Void> close() {
    PgConnection current = connection;
    connection = null;
    return current == null ? Future.succeededFuture() : current.close();
  }
}
