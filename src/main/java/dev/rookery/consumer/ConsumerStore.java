package dev.rookery.consumer;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.EventTypes;
import dev.rookery.store.ConsumerShards;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The positions of consumers, and the events they read. */
final class ConsumerStore {
  private static final String CREATE =
      """
      INSERT INTO consumer (name, shard, position)
      SELECT CAST($1 AS TEXT), CAST($2 AS INTEGER), COALESCE(MAX(id), 0)
      FROM outbox WHERE shard = $2
      ON CONFLICT (name, shard) DO NOTHING
      """;

  private static final String FIND =
      "SELECT position, part FROM consumer WHERE name = $1 AND shard = $2";

  private static final String MOVE =
      """
      UPDATE consumer SET position = $1, part = $2
      WHERE name = $3 AND shard = $4 AND position = $5 AND part = $6
      RETURNING name
      """;

  // One writer commits in the order of ids, so what is committed is complete.
  private static final String HEAD_SQLITE =
      """
      SELECT COALESCE(MAX(id), 0) AS head, 0 AS next_transaction, 0 AS oldest_transaction
      FROM outbox WHERE shard = $1
      """;

  // Does not ask for the number of its own transaction, which would make it one that writes.
  private static final String HEAD_POSTGRES =
      """
      SELECT COALESCE((SELECT MAX(id) FROM outbox WHERE shard = $1), 0) AS head,
        txid_snapshot_xmax(txid_current_snapshot()) AS next_transaction,
        txid_snapshot_xmin(txid_current_snapshot()) AS oldest_transaction
      """;

  private static final String READ =
      """
      SELECT id, stream, epoch, seq_offset, type, payload, at_ms FROM outbox
      WHERE shard = $1 AND id > $2 AND id <= $3 AND type IN (%s)
      ORDER BY id LIMIT $4
      """;

  // For each shard the first event after the position, whether or not it is of this consumer: a
  // position is moved past the others too, only a little later.
  private static final String FIRST_UNREAD =
      """
      SELECT MIN(first_id) AS first_id FROM (
        SELECT (
          SELECT MIN(id) FROM outbox
          WHERE outbox.shard = consumer.shard AND outbox.id > consumer.position) AS first_id
        FROM consumer WHERE name IN (%s)) AS unread
      """;

  private static final String DELETE = "DELETE FROM consumer WHERE name = $1";

  private final Database database;
  private final EventTypes types;

  ConsumerStore(Database database, EventTypes types) {
    this.database = database;
    this.types = types;
  }

  /** Stores the positions of a consumer that is new: it reads what is committed from now on. */
  void create(String name) {
    database.write(
        tx -> {
          create(tx, name);
          return true;
        });
  }

  void create(Transaction tx, String name) {
    for (int shard = 0; shard < ConsumerShards.COUNT; shard++) {
      tx.run(CREATE, name, shard);
    }
  }

  void delete(Transaction tx, String name) {
    tx.run(DELETE, name);
  }

  Place find(String name, int shard) {
    return database
        .read(FIND, name, shard)
        .first(row -> Place.of(row.number("position"), row.text("part")))
        // Its handler was removed, which this node has not heard yet.
        .orElseThrow(() -> new Refused(new Refusal.Unavailable("no_position")));
  }

  /** Moves the position; refused if another node has moved it meanwhile. */
  void move(Transaction tx, String name, int shard, Place from, Place to) {
    boolean moved =
        !tx.run(MOVE, to.position, to.stored(), name, shard, from.position, from.stored())
            .isEmpty();
    if (!moved) {
      throw new Refused(new Refusal.Unavailable("not_owner"));
    }
  }

  Head head(int shard) {
    String sql = database.dialect() == Dialect.POSTGRES ? HEAD_POSTGRES : HEAD_SQLITE;
    Row row = database.read(sql, shard).row(0);
    return new Head(
        row.number("head"), row.number("next_transaction"), row.number("oldest_transaction"));
  }

  /** The text of {@link #read} for some types of events. */
  static String readStatement(Collection<String> typeNames) {
    return READ.formatted(quoted(typeNames.stream()));
  }

  List<StoredEvent> read(String statement, int shard, long after, long upTo, int max) {
    return database.read(statement, shard, after, upTo, max).all(this::event);
  }

  /** The smallest id of an event that one of the consumers has not read; MAX_VALUE for none. */
  long firstUnread(Collection<String> names) {
    if (names.isEmpty()) {
      return Long.MAX_VALUE;
    }
    Long first =
        database
            .read(FIRST_UNREAD.formatted(quoted(names.stream())))
            .row(0)
            .numberOrNull("first_id");
    return first == null ? Long.MAX_VALUE : first;
  }

  // Names of types are written in the code of this program, those of consumers are checked.
  private static String quoted(Stream<String> names) {
    return names.sorted().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }

  private StoredEvent event(Row row) {
    return new StoredEvent(
        row.number("id"),
        row.number("at_ms"),
        new CommittedEvent(
            row.text("stream"),
            new Position(row.number("epoch"), row.number("seq_offset")),
            types.read(row.text("type"), row.text("payload"))));
  }

  /**
   * Where a consumer is in a shard: all up to the position is done, and a part of the events after
   * it up to {@code through}.
   *
   * @param through 0 if no part is done
   * @param part empty if no part is done
   */
  record Place(long position, long through, String part) {
    private static final char SEPARATOR = ':';

    Place(long position) {
      this(position, 0, "");
    }

    static Place of(long position, String stored) {
      if (stored.isEmpty()) {
        return new Place(position);
      }
      int end = stored.indexOf(SEPARATOR);
      return new Place(
          position, Long.parseLong(stored.substring(0, end)), stored.substring(end + 1));
    }

    boolean isPartial() {
      return through > 0;
    }

    String stored() {
      return isPartial() ? through + String.valueOf(SEPARATOR) + part : "";
    }
  }

  /**
   * The newest event of a shard that is visible.
   *
   * @param nextTransaction a number that no transaction had at that time; 0 on SQLite
   * @param oldestTransaction all transactions with a smaller number had ended; 0 on SQLite
   */
  record Head(long id, long nextTransaction, long oldestTransaction) {}

  /** An event with its place in the outbox. */
  record StoredEvent(long id, long atMs, CommittedEvent event) {}
}
