package dev.rookery.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings commits to the disk together.
 *
 * <p>A commit that waits for the disk by itself costs the server two context switches and keeps its
 * locks meanwhile. So transactions commit without that wait, and one connection then commits a
 * transaction with nothing in it that does wait. The log is written in order: when the later commit
 * is on the disk, so is everything that was committed before it began. One flush at a time is under
 * way; who comes meanwhile shares the next.
 *
 * <p>Nobody is answered before that, and no event is posted. What others may see in between is what
 * they may see on any server that is about to crash: rows that nobody was promised. Confined to the
 * event loop.
 */
final class PostgresGroupFlush {
  private static final String COMMIT_NOTHING =
      "SELECT pg_logical_emit_message(true, 'rookery', '')";

  private final Vertx vertx;
  private final PgConnectOptions options;
  private List<Promise<Void>> waiting = new ArrayList<>();
  private @Nullable PgConnection connection;
  private boolean underWay;

  PostgresGroupFlush(Vertx vertx, PgConnectOptions options) {
    this.vertx = vertx;
    this.options = options;
  }

  /** Succeeds when all that was committed before this call is on the disk. */
  Future<Void> flushed() {
    Promise<Void> promise = Promise.promise();
    waiting.add(promise);
    if (!underWay) {
      flush();
    }
    return promise.future();
  }

  private void flush() {
    underWay = true;
    List<Promise<Void>> sharing = waiting;
    waiting = new ArrayList<>();
    connected()
        .compose(held -> held.query(COMMIT_NOTHING).execute())
        .onComplete(
            _ -> {
              sharing.forEach(Promise::tryComplete);
              next();
            },
            failure -> {
              disconnect();
              sharing.forEach(promise -> promise.tryFail(failure));
              next();
            });
  }

  private void next() {
    underWay = false;
    if (!waiting.isEmpty()) {
      flush();
    }
  }

  private Future<PgConnection> connected() {
    if (connection != null) {
      return Future.succeededFuture(connection);
    }
    return PgConnection.connect(vertx, options)
        .onSuccess(
            made -> {
              connection = made;
              made.closeHandler(
                  _ -> {
                    if (connection == made) {
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

  /** For the end, when no more calls come. */
  Future<Void> close() {
    PgConnection held = connection;
    connection = null;
    return held == null ? Future.succeededFuture() : held.close();
  }
}
