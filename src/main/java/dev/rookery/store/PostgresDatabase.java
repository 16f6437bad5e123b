package dev.rookery.store;

import dev.rookery.bus.EventTypes;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server, through a pool of connections that all live on one event loop. */
final class PostgresDatabase implements Database {
  private static final long LOOK_MS = 1_000;

  private final Vertx vertx;
  private final PostgresPoolVerticle loop;
  private final String deployment;
  private final long timer;
  private final PostgresErrors failures;
  private final PostgresRows rows = new PostgresRows();
  private final PendingCalls inFlight;
  private final PostgresWriter writer;
  private final OutboxPublisher posting;
  private final StoreMeters meters;

  PostgresDatabase(
      Vertx vertx,
      DatabaseLocation.Server at,
      StoreConfig config,
      EventTypes types,
      OutboxPublisher posting,
      InstantSource clock,
      StoreMeters meters) {
    this.vertx = vertx;
    this.loop = new PostgresPoolVerticle(at, config);
    this.failures = new PostgresErrors(at);
    this.inFlight = new PendingCalls(longest(config));
    this.posting = posting;
    this.meters = meters;
    this.writer =
        new PostgresWriter(
            this, types, clock, meters, Math.max(1, config.connections() / 2), config.waitingMax());
    this.deployment = BlockingCall.on(vertx.deployVerticle(loop));
    this.timer = vertx.setPeriodic(LOOK_MS, _ -> inFlight.giveUpOld());
    meters.gauge("rookery.store.connections.open", "Open connections", loop, l -> l.pool().size());
    meters.gauge(
        "rookery.store.waiting", "Calls without an answer yet", inFlight, PendingCalls::size);
  }

  /** The server stops a statement by itself; only when it does not even do that, we give up. */
  private static Duration longest(StoreConfig config) {
    return config.statementWithin().plus(config.connectWithin()).plusSeconds(1);
  }

  @Override
  public Rows read(String sql, @Nullable Object... values) {
    BlockingCall.refuseEventLoop();
    Tuple tuple = PostgresRows.tuple(values);
    long started = System.nanoTime();
    PendingCalls.PendingCall<RowSet<io.vertx.sqlclient.Row>> call = inFlight.begin();
    try {
      loop.context().runOnContext(_ -> call.follow(loop.pool().preparedQuery(sql).execute(tuple)));
      Rows found = rows.rows(sql, call.await());
      failures.worked();
      return found;
    } catch (Exception failure) {
      RuntimeException told = failures.explain(failure);
      meters.failed(told);
      throw told;
    } finally {
      meters.read.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    BlockingCall.refuseEventLoop();
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
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }

  Context loop() {
    return loop.context();
  }

  Pool pool() {
    return loop.pool();
  }

  PostgresGroupFlush flush() {
    return loop.flush();
  }

  PostgresRows rows() {
    return rows;
  }

  PostgresErrors failures() {
    return failures;
  }

  PendingCalls inFlight() {
    return inFlight;
  }

  OutboxPublisher posting() {
    return posting;
  }

  StoreMeters meters() {
    return meters;
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    BlockingCall.on(vertx.undeploy(deployment));
  }
}
