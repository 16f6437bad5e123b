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
 * Stores all events of a transaction with one statement: raises the heads, and gives each event its
 * place below the new head of its stream.
 */
final class PostgresOutboxInsert {
  /** By far the most common case, without the arrays. */
  private static final String ONE =
      """
      WITH raised AS (
        INSERT INTO stream (name, epoch, head, at_ms) VALUES ($1, $2, 1, $2)
        ON CONFLICT (name) DO UPDATE SET head = stream.head + 1, at_ms = excluded.at_ms
        RETURNING epoch, head)
      INSERT INTO outbox (stream, epoch, seq_offset, node, node_seq, type, payload, at_ms)
      SELECT $1, epoch, head, $3, $4, $5, $6, $2 FROM raised
      RETURNING stream AS name, epoch, seq_offset AS head
      """;

  // Heads are locked in the order of their names, so that no two transactions wait for each other,
  // and an event finds its own by its place in that order: joining by name would compare every
  // event
  // with every stream.
  private static final String MANY =
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
        INSERT INTO outbox (stream, epoch, seq_offset, node, node_seq, type, payload, at_ms)
        SELECT event.stream, ordered.epochs[event.place], ordered.heads[event.place] - event.below,
          $4, $5, event.type, event.payload, $1
        FROM ordered, unnest($6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[])
          AS event (stream, place, below, type, payload))
      SELECT name, epoch, head FROM raised
      """;

  // As the server orders names, whatever its locale.
  private static final Comparator<String> BY_BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private PostgresOutboxInsert() {}

  /** Sends the statement; its answer is the events with their places. */
  static Future<List<CommittedEvent>> send(
      SqlConnection connection, List<PendingEvent> events, long node, long number, Instant now) {
    Future<io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row>> answer =
        events.size() == 1
            ? one(connection, events.getFirst(), node, number, now.toEpochMilli())
            : many(connection, events, node, number, now.toEpochMilli());
    return answer.map(
        rows -> {
          var heads = new HashMap<String, Position>();
          rows.forEach(
              row -> heads.put(row.getString(0), new Position(row.getLong(1), row.getLong(2))));
          return placed(events, heads);
        });
  }

  private static Future<io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row>> one(
      SqlConnection connection, PendingEvent event, long node, long number, long ms) {
    return connection
        .preparedQuery(ONE)
        .execute(Tuple.of(event.stream(), ms, node, number, event.type(), event.json()));
  }

  private static Future<io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row>> many(
      SqlConnection connection, List<PendingEvent> events, long node, long number, long ms) {
    Map<String, Long> counts = new TreeMap<>(BY_BYTES);
    events.forEach(event -> counts.merge(event.stream(), 1L, Long::sum));
    var places = new HashMap<String, Long>();
    counts.keySet().forEach(stream -> places.put(stream, places.size() + 1L));
    Long[] below = below(events);
    return connection
        .preparedQuery(MANY)
        .execute(
            Tuple.of(ms)
                .addArrayOfString(counts.keySet().toArray(String[]::new))
                .addArrayOfLong(counts.values().toArray(Long[]::new))
                .addLong(node)
                .addLong(number)
                .addArrayOfString(events.stream().map(PendingEvent::stream).toArray(String[]::new))
                .addArrayOfLong(
                    events.stream().map(event -> places.get(event.stream())).toArray(Long[]::new))
                .addArrayOfLong(below)
                .addArrayOfString(events.stream().map(PendingEvent::type).toArray(String[]::new))
                .addArrayOfString(events.stream().map(PendingEvent::json).toArray(String[]::new)));
  }

  /** How many events of the same stream come after each. */
  private static Long[] below(List<PendingEvent> events) {
    var later = new HashMap<String, Long>();
    var below = new Long[events.size()];
    for (int i = events.size() - 1; i >= 0; i--) {
      below[i] = later.merge(events.get(i).stream(), 1L, Long::sum) - 1;
    }
    return below;
  }

  private static List<CommittedEvent> placed(
      List<PendingEvent> events, Map<String, Position> heads) {
    Long[] below = below(events);
    var posted = new ArrayList<CommittedEvent>(events.size());
    for (int i = 0; i < below.length; i++) {
      PendingEvent event = events.get(i);
      Position head = heads.get(event.stream());
      if (head == null) {
        throw new IllegalStateException("no head for " + event.stream());
      }
      posted.add(event.at(new Position(head.epoch(), head.offset() - below[i])));
    }
    return posted;
  }
}
