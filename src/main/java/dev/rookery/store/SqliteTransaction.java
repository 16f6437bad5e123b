package dev.rookery.store;

import dev.rookery.base.Event;
import dev.rookery.base.Position;
import dev.rookery.base.Posted;
import dev.rookery.bus.EventTypes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One unit of work on the writer's thread, between a savepoint and its release. */
final class SqliteTransaction implements Transaction {
  private final SqliteConnection connection;
  private final SqliteHealth health;
  private final EventTypes types;
  private final StoreMeters meters;
  private final Instant now;
  private final List<Appended> appended = new ArrayList<>(4);
  private @Nullable RuntimeException broken;
  private boolean over;

  SqliteTransaction(
      SqliteConnection connection,
      SqliteHealth health,
      EventTypes types,
      StoreMeters meters,
      Instant now) {
    this.connection = connection;
    this.health = health;
    this.types = types;
    this.meters = meters;
    this.now = now;
  }

  @Override
  public Rows run(String sql, @Nullable Object... values) {
    checkUsable();
    long started = System.nanoTime();
    try {
      return connection.run(sql, values);
    } catch (SQLException failure) {
      broken = health.explain(failure);
      throw broken;
    } finally {
      meters.statement.record(
          System.nanoTime() - started, java.util.concurrent.TimeUnit.NANOSECONDS);
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
    return Dialect.SQLITE;
  }

  boolean hasAppended() {
    return !appended.isEmpty();
  }

  /** The end of the work: nothing may have failed in it, whether or not that was caught. */
  void close() {
    over = true;
    if (broken != null) {
      throw broken;
    }
  }

  /** Gives the events their places. */
  List<Posted> store(long node, long number) throws SQLException {
    long ms = now.toEpochMilli();
    var posted = new ArrayList<Posted>(appended.size());
    for (Appended event : appended) {
      Position here =
          connection
              .run(Outbox.NEXT, event.stream(), ms)
              .first(row -> new Position(row.number("epoch"), row.number("head")))
              .orElseThrow();
      connection.run(
          Outbox.INSERT,
          event.stream(),
          here.epoch(),
          here.offset(),
          node,
          number,
          event.type(),
          event.json(),
          ms);
      posted.add(new Posted(event.stream(), here, event.event()));
    }
    return posted;
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
