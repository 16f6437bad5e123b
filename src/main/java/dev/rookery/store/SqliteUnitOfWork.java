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
  private final SqliteErrors errors;
  private final StoreMeters meters;

  SqliteUnitOfWork(
      SqliteConnection connection,
      SqliteErrors errors,
      EventTypes types,
      StoreMeters meters,
      Instant now) {
    super(types, now);
    this.connection = connection;
    this.errors = errors;
    this.meters = meters;
  }

  @Override
  Rows execute(String sql, @Nullable Object[] values) {
    long started = System.nanoTime();
    try {
      return connection.run(sql, values);
    } catch (SQLException failure) {
      throw errors.translate(failure);
    } finally {
      meters.statement.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  /** Ends the unit of work: stores its events and gives them their positions. */
  List<CommittedEvent> storeEvents(long run, long number) throws SQLException {
    long ms = now().toEpochMilli();
    var events = new ArrayList<CommittedEvent>();
    for (PendingEvent event : close()) {
      Position position =
          connection
              .run(Outbox.INCREMENT_HEAD, event.stream(), ms)
              .first(row -> new Position(row.number("epoch"), row.number("head")))
              .orElseThrow();
      connection.run(
          Outbox.INSERT,
          event.stream(),
          position.epoch(),
          position.offset(),
          run,
          number,
          event.type(),
          event.json(),
          ms,
          event.shard());
      events.add(event.committedAt(position));
    }
    return events;
  }
}
