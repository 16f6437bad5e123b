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
 * The event loop on which all connections live. Calls are handed to it whole, so that several
 * statements can be sent one behind the other without asking the calling thread in between, and so
 * that answers come in the order of the commits.
 */
final class PostgresPoolVerticle extends VerticleBase {
  private static final int PIPELINED_MAX = 16;
  private static final int STATEMENTS_MAX = 512;
  private static final int IDLE_MINUTES_MAX = 10;

  private final DatabaseLocation.Server at;
  private final StoreConfig config;
  private volatile Pool pool;
  private volatile PostgresGroupFlush flush;

  @SuppressWarnings("NullAway.Init")
  PostgresPoolVerticle(DatabaseLocation.Server at, StoreConfig config) {
    this.at = at;
    this.config = config;
  }

  @Override
  public Future<?> start() {
    pool =
        PgBuilder.pool()
            .with(
                new PoolOptions()
                    .setMaxSize(config.connections())
                    .setMaxWaitQueueSize(config.waitingMax())
                    .setConnectionTimeout((int) config.connectWithin().toMillis())
                    .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setIdleTimeout(IDLE_MINUTES_MAX)
                    .setIdleTimeoutUnit(TimeUnit.MINUTES)
                    .setName("rookery-store"))
            // The wait for the disk is the flush's, for many at once.
            .connectingTo(connection().addProperty("synchronous_commit", "off"))
            .using(vertx)
            .build();
    flush = new PostgresGroupFlush(vertx, connection());
    return Future.succeededFuture();
  }

  private PgConnectOptions connection() {
    String within = Long.toString(config.statementWithin().toMillis());
    var options =
        new PgConnectOptions(new JsonObject())
            .setHost(at.host())
            .setPort(at.port())
            .setDatabase(at.database())
            .setUser(at.user())
            .setSslMode(at.tls() ? SslMode.REQUIRE : SslMode.DISABLE)
            .setPipeliningLimit(PIPELINED_MAX)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(STATEMENTS_MAX)
            .setPreparedStatementCacheSqlFilter(_ -> true)
            .addProperty("application_name", "rookery")
            // Each statement has one way to go, whatever its values: it is planned once.
            .addProperty("plan_cache_mode", "force_generic_plan")
            // A plan made while tables are empty stays for as long as the connection: reading all
            // of a table must never look cheap, and every frequent statement has its index. Where a
            // table is read whole all the same its plan looks so dear that it would be compiled.
            .addProperty("jit", "off")
            .addProperty("enable_seqscan", "off")
            .addProperty("enable_hashjoin", "off")
            .addProperty("enable_mergejoin", "off")
            // Looking up by a key costs little where the index is in memory, and it always is.
            .addProperty("random_page_cost", "0.1")
            .addProperty("statement_timeout", within)
            .addProperty("lock_timeout", within)
            .addProperty("idle_in_transaction_session_timeout", within);
    return at.password() == null ? options : options.setPassword(at.password());
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
