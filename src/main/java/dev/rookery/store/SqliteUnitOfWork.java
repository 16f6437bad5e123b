package dev.rookery.store;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import dev.rookery.bus.EventTypes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One unit of work on the writer's thread, between a savepoint and its release. */
final class SqliteUnitOfWork extends UnitOfWork {
  // Filled up with rows of nulls, which are no events.
  private static final String RAISE =
      """
      INSERT INTO stream (name, epoch, head, at_ms)
      SELECT column1, $1, column2, $1 FROM (VALUES %s) WHERE column1 IS NOT NULL
      ON CONFLICT (name) DO UPDATE
        SET head = stream.head + excluded.head, at_ms = excluded.at_ms
      RETURNING name, epoch, head
      """;

  private static final String INSERT =
      """
      INSERT INTO outbox (stream, epoch, seq_offset, node, node_seq, type, payload, at_ms, shard)
      SELECT column1, column2, column3, $1, $2, column4, column5, $3, column6
      FROM (VALUES %s) WHERE column1 IS NOT NULL
      """;

  // The values that all events share, and those of each.
  private static final int SHARED = 3;
  private static final int EVENT_WIDTH = 6;

  private static final StatementTexts TEXTS = new StatementTexts();

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
    List<PendingEvent> pending = close();
    var events = new ArrayList<CommittedEvent>(pending.size());
    for (int from = 0; from < pending.size(); from += Placeholders.MANY_MAX) {
      int upTo = Math.min(pending.size(), from + Placeholders.MANY_MAX);
      store(pending.subList(from, upTo), run, number, events);
    }
    return events;
  }

  private void store(List<PendingEvent> some, long run, long number, List<CommittedEvent> events)
      throws SQLException {
    Map<String, Position> heads = raiseHeads(some);
    int room = Placeholders.room(some.size());
    var values = new @Nullable Object[SHARED + EVENT_WIDTH * room];
    values[0] = run;
    values[1] = number;
    values[2] = now().toEpochMilli();
    int place = SHARED;
    for (PendingEvent event : some) {
      Position before = Objects.requireNonNull(heads.get(event.stream()));
      var position = new Position(before.epoch(), before.offset() + 1);
      heads.put(event.stream(), position);
      values[place++] = event.stream();
      values[place++] = position.epoch();
      values[place++] = position.offset();
      values[place++] = event.type();
      values[place++] = event.json();
      values[place++] = event.shard();
      events.add(event.committedAt(position));
    }
    connection.run(
        TEXTS.of(
            "events",
            some.size(),
            size -> INSERT.formatted(Placeholders.rows(1 + SHARED, EVENT_WIDTH, size))),
        values);
  }

  /** Makes room for events at the heads of their streams; returns the positions before them. */
  private Map<String, Position> raiseHeads(List<PendingEvent> events) throws SQLException {
    var counts = new LinkedHashMap<String, Long>();
    events.forEach(event -> counts.merge(event.stream(), 1L, Long::sum));
    var values = new @Nullable Object[1 + 2 * Placeholders.room(counts.size())];
    values[0] = now().toEpochMilli();
    int place = 1;
    for (var count : counts.entrySet()) {
      values[place++] = count.getKey();
      values[place++] = count.getValue();
    }
    String text =
        TEXTS.of("heads", counts.size(), size -> RAISE.formatted(Placeholders.rows(2, 2, size)));
    var heads = new HashMap<String, Position>();
    connection
        .run(text, values)
        .all(row -> row)
        .forEach(
            row -> {
              String name = row.text("name");
              long before = row.number("head") - Objects.requireNonNull(counts.get(name));
              heads.put(name, new Position(row.number("epoch"), before));
            });
    return heads;
  }
}
