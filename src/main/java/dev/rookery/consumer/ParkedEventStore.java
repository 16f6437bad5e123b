package dev.rookery.consumer;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Page;
import dev.rookery.base.Position;
import dev.rookery.bus.EventTypes;
import dev.rookery.consumer.ConsumerStore.StoredEvent;
import dev.rookery.store.Database;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores the events that consumers could not handle, until they are retried, deleted or old. */
final class ParkedEventStore {
  /** How many of the latest events of a consumer are listed and counted. */
  static final int LISTED_MAX = 10_000;

  private static final int REASON_MAX = 200;

  private static final String INSERT =
      """
      INSERT INTO parked_event
        (consumer, id, stream, epoch, seq_offset, type, payload, reason, at_ms, committed_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (consumer, id) DO NOTHING
      """;

  private static final String LIST =
      """
      SELECT id, stream, epoch, seq_offset, type, reason, at_ms FROM parked_event
      WHERE consumer = $1 ORDER BY id DESC LIMIT $2 OFFSET $3
      """;

  private static final String COUNT =
      """
      SELECT COUNT(*) AS events FROM (
        SELECT 1 AS one FROM parked_event WHERE consumer = $1 LIMIT $2) AS listed
      """;

  private static final String FIND =
      """
      SELECT stream, epoch, seq_offset, type, payload, at_ms, committed_ms FROM parked_event
      WHERE consumer = $1 AND id = $2
      """;

  private static final String UPDATE =
      "UPDATE parked_event SET reason = $1 WHERE consumer = $2 AND id = $3";

  private static final String DELETE =
      "DELETE FROM parked_event WHERE consumer = $1 AND id = $2 RETURNING id";

  private static final String DELETE_OLD =
      """
      DELETE FROM parked_event WHERE (consumer, id) IN (
        SELECT consumer, id FROM parked_event WHERE at_ms < $1 ORDER BY at_ms LIMIT $2)
      RETURNING id
      """;

  private final Database database;
  private final EventTypes types;

  ParkedEventStore(Database database, EventTypes types) {
    this.database = database;
    this.types = types;
  }

  void insert(Transaction tx, String consumer, StoredEvent event, String reason) {
    CommittedEvent committed = event.event();
    tx.run(
        INSERT,
        consumer,
        event.id(),
        committed.stream(),
        committed.position().epoch(),
        committed.position().offset(),
        types.name(committed.event()),
        types.write(committed.event()),
        shortened(reason),
        tx.now().toEpochMilli(),
        event.atMs());
  }

  private static String shortened(String reason) {
    return reason.length() > REASON_MAX ? reason.substring(0, REASON_MAX) : reason;
  }

  /** The events of a consumer, latest first; of the newest {@link #LISTED_MAX}. */
  Page<ParkedEvent> list(String consumer, Page.Request page) {
    long total = database.read(COUNT, consumer, LISTED_MAX).row(0).number("events");
    long size = Math.clamp(total - page.offset(), 0, page.size());
    var events = database.read(LIST, consumer, size, page.offset()).all(ParkedEventStore::event);
    return new Page<>(events, page.number(), page.size(), total);
  }

  private static ParkedEvent event(Row row) {
    return new ParkedEvent(
        row.number("id"),
        row.text("stream"),
        position(row),
        row.text("type"),
        row.text("reason"),
        row.number("at_ms"));
  }

  private static Position position(Row row) {
    return new Position(row.number("epoch"), row.number("seq_offset"));
  }

  /** An event to be handled once more. */
  record Found(CommittedEvent event, Instant committed) {}

  Optional<Found> find(String consumer, long id) {
    return database
        .read(FIND, consumer, id)
        .first(
            row ->
                new Found(
                    new CommittedEvent(
                        row.text("stream"),
                        position(row),
                        types.read(row.text("type"), row.text("payload"))),
                    committed(row)));
  }

  private static Instant committed(Row row) {
    @Nullable Long at = row.numberOrNull("committed_ms");
    return Instant.ofEpochMilli(at == null ? row.number("at_ms") : at);
  }

  void setReason(String consumer, long id, String reason) {
    database.write(tx -> tx.run(UPDATE, shortened(reason), consumer, id));
  }

  /** False if there is none. */
  boolean delete(Transaction tx, String consumer, long id) {
    return !tx.run(DELETE, consumer, id).isEmpty();
  }

  /** Deletes at most {@code max} events that were parked before a time; returns how many. */
  int deleteOld(long beforeMs, int max) {
    return database.write(tx -> tx.run(DELETE_OLD, beforeMs, max).size());
  }
}
