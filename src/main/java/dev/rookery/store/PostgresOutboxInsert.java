package dev.rookery.store;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Inserts all events of a transaction with one statement: increments the heads of their streams and
 * gives each event its position below the new head.
 */
final class PostgresOutboxInsert {
  /** One event, by far the most common case, without arrays. */
  private static final String INSERT_ONE =
      """
      WITH raised AS (
        INSERT INTO stream (name, epoch, head, at_ms) VALUES ($1, $2, 1, $2)
        ON CONFLICT (name) DO UPDATE SET head = stream.head + 1, at_ms = excluded.at_ms
        RETURNING epoch, head)
      INSERT INTO outbox (stream, epoch, seq_offset, node, node_seq, type, payload, at_ms, shard)
      SELECT $1, epoch, head, $3, $4, $5, $6, $2, CAST($7 AS INTEGER) FROM raised
      RETURNING stream AS name, epoch, seq_offset AS head
      """;

  // Heads are locked in the order of their names, so that two transactions do not deadlock. An
  // event finds its head by its index in that order, because a join by name would compare every
  // event with every stream.
  private static final String INSERT_MANY =
      """
      WITH raised AS (
        INSERT INTO stream (name, epoch, head, at_ms)
        SELECT wanted.name, $1, wanted.events, $1
        FROM unnest($2::text[], $3::bigint[]) AS wanted (name, events)
        ORDER BY wanted.name COLLATE "C"
        ON CONFLICT (name) DO UPDATE
          SET head = stream.head + excluded.head, at_ms = excluded.at_ms
        RETURNING name, epoch, head),
      ordered AS (
        SELECT array_agg(epoch ORDER BY name COLLATE "C") AS epochs,
          array_agg(head ORDER BY name COLLATE "C") AS heads
        FROM raised),
      stored AS (
        INSERT INTO outbox
          (stream, epoch, seq_offset, node, node_seq, type, payload, at_ms, shard)
        SELECT event.stream, ordered.epochs[event.place], ordered.heads[event.place] - event.below,
          $4, $5, event.type, event.payload, $1, event.shard
        FROM ordered,
          unnest($6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::integer[])
          AS event (stream, place, below, type, payload, shard))
      SELECT name, epoch, head FROM raised
      """;

  // The order of the server's collation "C".
  private static final Comparator<String> BYTE_ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private PostgresOutboxInsert() {}

  /** Sends the statement; the result is the events with their positions. */
  static Future<List<CommittedEvent>> insert(
      SqlConnection connection, List<PendingEvent> events, long run, long number, Instant now) {
    Future<io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row>> result =
        events.size() == 1
            ? insertOne(connection, events.getFirst(), run, number, now.toEpochMilli())
            : insertMany(connection, events, run, number, now.toEpochMilli());
    return result.map(
        rows -> {
          var heads = new HashMap<String, Position>();
          rows.forEach(
              row -> heads.put(row.getString(0), new Position(row.getLong(1), row.getLong(2))));
          return withPositions(events, heads);
        });
  }

  private static Future<io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row>> insertOne(
      SqlConnection connection, PendingEvent event, long run, long number, long ms) {
    return connection
        .preparedQuery(INSERT_ONE)
        .execute(
            Tuple.of(event.stream(), ms, run, number, event.type(), event.json())
                .addInteger(event.shard()));
  }

  private static Future<io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row>> insertMany(
      SqlConnection connection, List<PendingEvent> events, long run, long number, long ms) {
    Map<String, Long> counts = new TreeMap<>(BYTE_ORDER);
    events.forEach(event -> counts.merge(event.stream(), 1L, Long::sum));
    var indexes = new HashMap<String, Long>();
    counts.keySet().forEach(stream -> indexes.put(stream, indexes.size() + 1L));
    Long[] laterEvents = laterEvents(events);
    return connection
        .preparedQuery(INSERT_MANY)
        .execute(
            Tuple.of(ms)
                .addArrayOfString(counts.keySet().toArray(String[]::new))
                .addArrayOfLong(counts.values().toArray(Long[]::new))
                .addLong(run)
                .addLong(number)
                .addArrayOfString(events.stream().map(PendingEvent::stream).toArray(String[]::new))
                .addArrayOfLong(
                    events.stream().map(event -> indexes.get(event.stream())).toArray(Long[]::new))
                .addArrayOfLong(laterEvents)
                .addArrayOfString(events.stream().map(PendingEvent::type).toArray(String[]::new))
                .addArrayOfString(events.stream().map(PendingEvent::json).toArray(String[]::new))
                .addArrayOfInteger(
                    events.stream().map(PendingEvent::shard).toArray(Integer[]::new)));
  }

  /** For each event, the number of later events of the same stream. */
  private static Long[] laterEvents(List<PendingEvent> events) {
    var counts = new HashMap<String, Long>();
    var laterEvents = new Long[events.size()];
    for (int i = events.size() - 1; i >= 0; i--) {
      laterEvents[i] = counts.merge(events.get(i).stream(), 1L, Long::sum) - 1;
    }
    return laterEvents;
  }

  private static List<CommittedEvent> withPositions(
      List<PendingEvent> events, Map<String, Position> heads) {
    Long[] laterEvents = laterEvents(events);
    var posted = new ArrayList<CommittedEvent>(events.size());
    for (int i = 0; i < laterEvents.length; i++) {
      PendingEvent event = events.get(i);
      Position head = heads.get(event.stream());
      if (head == null) {
        throw new IllegalStateException("no head for " + event.stream());
      }
      posted.add(event.committedAt(new Position(head.epoch(), head.offset() - laterEvents[i])));
    }
    return posted;
  }
}
