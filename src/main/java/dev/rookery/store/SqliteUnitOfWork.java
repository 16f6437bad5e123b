package dev.rookery.store;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import dev.rookery.bus.EventTypes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One unit of work on the writer's thread, between a savepoint and its release. */
final class SqliteUnitOfWork extends UnitOfWork {
  private final SqliteConnection connection;
  private final SqliteErrors health;
  private final StoreMeters meters;

  SqliteUnitOfWork(
      SqliteConnection connection,
      SqliteErrors health,
      EventTypes types,
      StoreMeters meters,
      Instant now) {
    super(types, now);
    this.connection = connection;
    this.health = health;
    this.meters = meters;
  }

  @Override
  Rows execute(String sql, @Nullable Object[] values) {
    long started = System.nanoTime();
    try {
      return connection.run(sql, values);
    } catch (SQLException failure) {
      throw health.explain(failure);
    } finally {
      meters.statement.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  /** The end of the work: gives its events their places. */
  List<CommittedEvent> store(long node, long number) throws SQLException {
    long ms = now().toEpochMilli();
    var posted = new ArrayList<CommittedEvent>();
    for (PendingEvent event : close()) {
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
      posted.add(event.at(here));
    }
    return posted;
  }
}
