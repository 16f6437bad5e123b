package dev.rookery.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the connection pool on one event loop. Calls are handed to that loop as a whole, so that
 * several statements are pipelined without going back to the calling thread, and replies arrive in
 * the order of the commits.
 */
final class PostgresPoolVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresPoolVerticle.class);
  private static final int IDLE_MINUTES_MAX = 10;

  private final PostgresSession session;
  private final StoreConfig config;
  private final DatabaseCut cut;
  private volatile Pool pool;
  private volatile PostgresGroupFlush flush;

  @SuppressWarnings("NullAway.Init")
  PostgresPoolVerticle(PostgresSession session, StoreConfig config, DatabaseCut cut) {
    this.session = session;
    this.config = config;
    this.cut = cut;
  }

  @Override
  public Future<?> start() {
    pool = open();
    PgConnectOptions options = session.connectOptions();
    flush = new PostgresGroupFlush(vertx, () -> cut.unlessActive(options));
    return Future.succeededFuture();
  }

  private Pool open() {
    SqlConnectOptions options = session.connectOptions();
    var builder =
        PgBuilder.pool()
            .with(
                new PoolOptions()
                    .setMaxSize(config.connections())
                    .setMaxWaitQueueSize(config.pendingMax())
                    .setConnectionTimeout((int) config.connectTimeout().toMillis())
                    .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setIdleTimeout(IDLE_MINUTES_MAX)
                    .setIdleTimeoutUnit(TimeUnit.MINUTES)
                    .setName("rookery-store"))
            .connectingTo(() -> cut.unlessActive(options))
            .using(vertx);
    return (session.isPooled() ? builder : builder.withConnectHandler(this::setUp)).build();
  }

  /** Sets up a new session; closing the connection hands it to the pool. */
  private void setUp(SqlConnection connection) {
    connection
        .query(session.setUp())
        .execute()
        .onComplete(
            _ -> connection.close(),
            failure -> {
              LOG.warn("a session cannot be set up: {}", failure.getMessage());
              PostgresSession.end(connection);
            });
  }

  Pool pool() {
    return Objects.requireNonNull(pool);
  }

  PostgresGroupFlush flush() {
    return flush;
  }

  PostgresSession session() {
    return session;
  }

  Context context() {
    return context;
  }

  /**
   * Opens new connections for the calls that follow, and closes the old ones when the calls that
   * use them have had their time. Runs on the event loop.
   */
  void renew(long callTimeoutMs) {
    Pool old = pool();
    pool = open();
    flush.renew();
    vertx.setTimer(callTimeoutMs, _ -> old.close());
  }

  /**
   * Ends the connections at once. Replies of what was sent before still arrive; what a transaction
   * sends after it fails. Runs on the event loop.
   */
  void disconnect() {
    Pool old = pool();
    pool = open();
    flush.renew();
    old.close();
  }

  @Override
  public Future<?> stop() {
    return flush.close().transform(_ -> pool.close());
  }
}
