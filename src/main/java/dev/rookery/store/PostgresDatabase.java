package dev.rookery.store;

import dev.rookery.bus.EventTypes;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL database, through a pool of connections that all run on one event loop. */
final class PostgresDatabase implements Database {
  private static final long CHECK_INTERVAL_MS = 1_000;
  // While a server is read-only, every write would otherwise open a connection and throw it away.
  private static final long REPLACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long RENEW_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Vertx vertx;
  private final PostgresPoolVerticle loop;
  private final String deployment;
  private final long timer;
  private final PostgresErrors errors;
  private final PostgresRows rows = new PostgresRows();
  private final PendingCalls pendingCalls;
  private final PostgresWriter writer;
  private final OutboxPublisher publisher;
  private final StoreMeters meters;
  private final long callTimeoutMs;
  private volatile boolean boundsReads;
  private boolean readOnly;
  private long renewedNanos = System.nanoTime() - RENEW_NANOS;
  private long replacedNanos = System.nanoTime() - REPLACE_NANOS;

  PostgresDatabase(
      Vertx vertx,
      DatabaseLocation.Server location,
      StoreConfig config,
      EventTypes types,
      OutboxPublisher publisher,
      InstantSource clock,
      StoreMeters meters,
      WriteState writes,
      DatabaseCut cut) {
    this.vertx = vertx;
    this.loop = new PostgresPoolVerticle(new PostgresSession(location, config), config, cut);
    this.errors = new PostgresErrors(location, writes);
    this.callTimeoutMs = callTimeout(config).toMillis();
    this.pendingCalls = new PendingCalls(callTimeout(config));
    this.publisher = publisher;
    this.meters = meters;
    this.writer =
        new PostgresWriter(
            this, types, clock, meters, Math.max(1, config.connections() / 2), config.pendingMax());
    this.deployment = BlockingCall.await(vertx.deployVerticle(loop));
    this.timer = vertx.setPeriodic(CHECK_INTERVAL_MS, _ -> pendingCalls.failExpired());
    meters.gauge("rookery.store.connections.open", "Open connections", loop, l -> l.pool().size());
    cut.add(this::disconnect);
    meters.gauge(
        "rookery.store.waiting", "Calls without an answer yet", pendingCalls, PendingCalls::size);
  }

  /**
   * The timeout of a call. The server stops a slow statement itself; this applies only when it does
   * not reply at all.
   */
  private static Duration callTimeout(StoreConfig config) {
    return config.statementTimeout().plus(config.connectTimeout()).plusSeconds(1);
  }

  /** Has the server stop reads after the statement timeout also behind a pooler. */
  void boundReads() {
    boundsReads = session().isPooled();
  }

  private void disconnect() {
    // Behind what calls have handed to the event loop before: none fails that is still to be sent.
    loop.context()
        .runOnContext(
            _ -> {
              loop.disconnect();
              pendingCalls.failAll(DatabaseCut.failure());
            });
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    BlockingCall.rejectEventLoop();
    Tuple tuple = PostgresRows.tuple(values);
    long started = System.nanoTime();
    PendingCalls.PendingCall<RowSet<io.vertx.sqlclient.Row>> call = pendingCalls.start();
    try {
      loop.context().runOnContext(_ -> call.completeWith(execute(sql, tuple)));
      Rows found = rows.rows(sql, call.await());
      errors.recordSuccess();
      return found;
    } catch (Exception failure) {
      RuntimeException refusal = errors.translate(failure);
      meters.failed(refusal);
      throw refusal;
    } finally {
      meters.read.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  /** Behind a pooler, only a transaction has a statement timeout. Runs on the event loop. */
  private Future<RowSet<io.vertx.sqlclient.Row>> execute(String sql, Tuple tuple) {
    if (!boundsReads) {
      return loop.pool().preparedQuery(sql).execute(tuple);
    }
    return loop.pool()
        .withConnection(
            connection ->
                connection
                    .query(session().begin())
                    .execute()
                    .compose(_ -> connection.preparedQuery(sql).execute(tuple))
                    .eventually(() -> connection.query("COMMIT").execute()));
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    BlockingCall.rejectEventLoop();
    long started = System.nanoTime();
    try {
      return writer.write(work);
    } catch (RuntimeException failure) {
      meters.failed(failure);
      throw failure;
    } finally {
      meters.write.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public MeterRegistry registry() {
    return meters.registry();
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }

  Context loop() {
    return loop.context();
  }

  Pool pool() {
    return loop.pool();
  }

  PostgresSession session() {
    return loop.session();
  }

  /**
   * Gives back a connection whose server answered that it is read-only. After a failover, another
   * connection may lead to the server that takes writes. So the first such answer renews the whole
   * pool, and further ones replace their connection; both a bounded number of times. Runs on the
   * event loop.
   */
  void replaceReadOnly(SqlConnection connection) {
    long now = System.nanoTime();
    if (!readOnly) {
      readOnly = true;
      renewIfDue(now);
    } else if (now - replacedNanos < REPLACE_NANOS) {
      connection.query("ROLLBACK").execute();
      connection.close();
      return;
    }
    replacedNanos = now;
    PostgresSession.end(connection);
  }

  /**
   * Records that something was written. Renews the pool if there was a read-only answer before:
   * connections that were opened in between may lead to a server whose data is out of date. Runs on
   * the event loop.
   */
  void recordWritten() {
    if (readOnly && renewIfDue(System.nanoTime())) {
      readOnly = false;
    }
  }

  private boolean renewIfDue(long now) {
    if (now - renewedNanos < RENEW_NANOS) {
      return false;
    }
    renewedNanos = now;
    loop.renew(callTimeoutMs);
    return true;
  }

  PostgresGroupFlush flush() {
    return loop.flush();
  }

  PostgresRows rows() {
    return rows;
  }

  PostgresErrors errors() {
    return errors;
  }

  PendingCalls pendingCalls() {
    return pendingCalls;
  }

  OutboxPublisher publisher() {
    return publisher;
  }

  StoreMeters meters() {
    return meters;
  }

  @Override
  public void close() {
    // A second call does nothing.
    if (errors.close()) {
      vertx.cancelTimer(timer);
      BlockingCall.await(vertx.undeploy(deployment));
    }
  }
}
