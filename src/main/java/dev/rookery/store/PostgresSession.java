package dev.rookery.store;

import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/**
 * How sessions on the server are opened and set up.
 *
 * <p>Settings are made by statements after the start of a session and not in its first message,
 * because a connection pooler such as PgBouncer refuses most of them there. A pooler that gives
 * each transaction another session keeps none of them: there, with {@code pooled}, the settings
 * that matter travel with each transaction, and no statement stays prepared.
 */
final class PostgresSession {
  private static final int PIPELINED_MAX = 16;
  private static final int STATEMENTS_MAX = 512;
  private static final String END = "SELECT pg_terminate_backend(pg_backend_pid())";
  private static final String ENDED = "57P01";

  private final DatabaseLocation.Server location;
  private final TlsMaterial tls;
  private final boolean pooled;
  private final long timeoutMs;

  /** Reads the files that TLS needs; may block. */
  PostgresSession(DatabaseLocation.Server location, StoreConfig config) {
    this.location = location;
    this.tls = TlsMaterial.read(location.tls());
    this.pooled = location.pooled();
    this.timeoutMs = config.statementTimeout().toMillis();
  }

  boolean isPooled() {
    return pooled;
  }

  PgConnectOptions connectOptions() {
    var options =
        // Unlike the constructor without arguments, this reads no environment variables.
        new PgConnectOptions(new JsonObject())
            .setHost(location.host())
            .setPort(location.port())
            .setDatabase(location.database())
            .setUser(location.user())
            .setSslMode(sslMode())
            .setSslOptions(tls.clientOptions())
            .setPipeliningLimit(PIPELINED_MAX)
            .setUseLayer7Proxy(pooled)
            .setCachePreparedStatements(!pooled)
            .setPreparedStatementCacheMaxSize(STATEMENTS_MAX)
            .setPreparedStatementCacheSqlFilter(_ -> true)
            // Those that every pooler accepts.
            .setProperties(
                Map.of(
                    "application_name", "rookery", "client_encoding", "utf8", "DateStyle", "ISO"));
    return location.password() == null ? options : options.setPassword(location.password());
  }

  private SslMode sslMode() {
    return switch (location.tls().mode()) {
      case DISABLE -> SslMode.DISABLE;
      case ALLOW -> SslMode.ALLOW;
      case PREFER -> SslMode.PREFER;
      case REQUIRE -> SslMode.REQUIRE;
      case VERIFY_CA -> SslMode.VERIFY_CA;
      case VERIFY_FULL -> SslMode.VERIFY_FULL;
    };
  }

  /** What sets up a session that the pool has opened. */
  String setUp() {
    return String.join(
        "; ",
        "SET statement_timeout = " + timeoutMs,
        "SET lock_timeout = " + timeoutMs,
        "SET idle_in_transaction_session_timeout = " + timeoutMs,
        // Waiting for the disk is the job of the group flush.
        "SET synchronous_commit = off",
        // Each statement has one good plan, whatever its values, so it is planned once.
        "SET plan_cache_mode = force_generic_plan",
        // A plan made while a table is empty is kept until the table is measured. So sequential
        // scans must never look cheap; every frequent statement has its index. Where a table is
        // scanned all the same, the plan looks so expensive that PostgreSQL would compile it, or
        // start workers for it, which costs more than most statements.
        "SET jit = off",
        "SET max_parallel_workers_per_gather = 0",
        "SET enable_seqscan = off",
        "SET enable_hashjoin = off",
        "SET enable_mergejoin = off",
        // Index lookups are cheap, because the indexes are in memory.
        "SET random_page_cost = 0.1");
  }

  /** What begins a transaction that waits for a lock as long as a statement may take. */
  String begin() {
    return pooled ? begin(Long.toString(timeoutMs)) : "BEGIN";
  }

  /** What begins a transaction that waits for a lock only this long. */
  String begin(String lockTimeout) {
    String lock = "SET LOCAL lock_timeout = '" + lockTimeout + "'";
    return pooled
        ? String.join(
            "; ",
            "BEGIN",
            lock,
            "SET LOCAL statement_timeout = " + timeoutMs,
            "SET LOCAL idle_in_transaction_session_timeout = " + timeoutMs,
            "SET LOCAL synchronous_commit = off")
        : "BEGIN; " + lock;
  }

  /**
   * Ends the session of a pooled connection, so that the pool opens another one in its place. The
   * pool has no call for that, so the server is asked. The connection is given back when it is
   * closed, or at once if the server does not end it.
   */
  static void end(SqlConnection connection) {
    connection.closeHandler(_ -> connection.close());
    // Vert.x would print the server's farewell.
    connection.exceptionHandler(_ -> {});
    // In a failed transaction the server refuses everything else.
    connection.query("ROLLBACK").execute();
    connection
        .query(END)
        .execute()
        .onComplete(
            _ -> connection.close(),
            failure -> {
              boolean ended =
                  failure instanceof PgException reply && reply.getSqlState().equals(ENDED);
              if (!ended) {
                connection.close();
              }
            });
  }
}
