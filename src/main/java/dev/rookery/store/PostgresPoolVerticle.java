package dev.rookery.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Holds the connection pool on one event loop. Calls are handed to that loop as a whole, so that
 * several statements are pipelined without going back to the calling thread, and replies arrive in
 * the order of the commits.
 */
final class PostgresPoolVerticle extends VerticleBase {
  private static final int PIPELINED_MAX = 16;
  private static final int STATEMENTS_MAX = 512;
  private static final int IDLE_MINUTES_MAX = 10;

  private final DatabaseLocation.Server location;
  private final StoreConfig config;
  private volatile Pool pool;
  private volatile PostgresGroupFlush flush;

  @SuppressWarnings("NullAway.Init")
  PostgresPoolVerticle(DatabaseLocation.Server location, StoreConfig config) {
    this.location = location;
    this.config = config;
  }

  @Override
  public Future<?> start() {
    pool =
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
            // Waiting for the disk is the job of the group flush.
            .connectingTo(connectOptions().addProperty("synchronous_commit", "off"))
            .using(vertx)
            .build();
    flush = new PostgresGroupFlush(vertx, connectOptions());
    return Future.succeededFuture();
  }

  private PgConnectOptions connectOptions() {
    String timeoutMs = Long.toString(config.statementTimeout().toMillis());
    var options =
        new PgConnectOptions(new JsonObject())
            .setHost(location.host())
            .setPort(location.port())
            .setDatabase(location.database())
            .setUser(location.user())
            .setSslMode(location.tls() ? SslMode.REQUIRE : SslMode.DISABLE)
            .setPipeliningLimit(PIPELINED_MAX)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(STATEMENTS_MAX)
            .setPreparedStatementCacheSqlFilter(_ -> true)
            .addProperty("application_name", "rookery")
            // Each statement has one good plan, whatever its values, so it is planned once.
            .addProperty("plan_cache_mode", "force_generic_plan")
            // A plan made while tables are empty is kept as long as the connection. So sequential
            // scans must never look cheap; every frequent statement has its index. Where a table is
            // scanned all the same, the plan looks so expensive that PostgreSQL would compile it,
            // hence no JIT.
            .addProperty("jit", "off")
            .addProperty("enable_seqscan", "off")
            .addProperty("enable_hashjoin", "off")
            .addProperty("enable_mergejoin", "off")
            // Index lookups are cheap, because the indexes are in memory.
            .addProperty("random_page_cost", "0.1")
            .addProperty("statement_timeout", timeoutMs)
            .addProperty("lock_timeout", timeoutMs)
            .addProperty("idle_in_transaction_session_timeout", timeoutMs);
    return location.password() == null ? options : options.setPassword(location.password());
  }

  Pool pool() {
    return Objects.requireNonNull(pool);
  }

  PostgresGroupFlush flush() {
    return flush;
  }

  Context context() {
    return context;
  }

  @Override
  public Future<?> stop() {
    return flush.close().transform(_ -> pool.close());
  }
}
