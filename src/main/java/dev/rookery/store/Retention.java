package dev.rookery.store;

import dev.rookery.base.Position;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes data whose retention time has passed, a bounded number of rows at a time, so that no
 * other call waits long for it.
 */
final class Retention {
  private static final int BATCH_MAX = 500;
  private static final int BATCHES_MAX = 200;
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /** No consumer waits for any event that is committed. */
  static final long NOTHING_UNREAD = Long.MAX_VALUE;

  // The newest event stays: without it ids would start again from 1, below the positions of
  // consumers.
  private static final String OLD_EVENTS_SQLITE =
      """
      DELETE FROM outbox
      WHERE at_ms < $1 AND id < $2 AND id IN (SELECT id FROM outbox ORDER BY id LIMIT $3)
        AND id < (SELECT MAX(id) FROM outbox)
      RETURNING id, shard
      """;

  // Rows are identified by their physical location, which needs no index. The array makes it a
  // lookup: a locking subquery would be run again for each row that it is compared with.
  private static final String OLD_EVENTS_POSTGRES =
      """
      DELETE FROM outbox WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM outbox WHERE at_ms < $1 AND id < $2
        ORDER BY at_ms LIMIT $3 FOR UPDATE SKIP LOCKED))
      RETURNING id, shard
      """;

  private static final String EXCESS_EVENTS =
      """
      DELETE FROM outbox
      WHERE stream = $1 AND epoch = $2 AND seq_offset <= $3 AND id < $4
        AND seq_offset < (
          SELECT min(seq_offset) FROM outbox WHERE stream = $1 AND epoch = $2) + $5
      RETURNING id
      """;

  private static final String OLD_ANSWERS_SQLITE =
      """
      DELETE FROM idempotency WHERE (player_id, idem_key) IN (
        SELECT player_id, idem_key FROM idempotency WHERE at_ms < $1
        ORDER BY at_ms LIMIT $2)
      RETURNING player_id
      """;

  private static final String OLD_ANSWERS_POSTGRES =
      """
      DELETE FROM idempotency WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM idempotency WHERE at_ms < $1 ORDER BY at_ms LIMIT $2
        FOR UPDATE SKIP LOCKED))
      RETURNING player_id
      """;

  private static final String NEXT_STREAMS =
      """
      SELECT count(*) AS streams, max(name) AS upto,
        sum(CASE WHEN at_ms < $1 THEN 1 ELSE 0 END) AS silent
      FROM (SELECT name, at_ms FROM stream WHERE name > $2 ORDER BY name LIMIT $3) AS page
      """;

  private static final String SILENT_STREAMS =
      "DELETE FROM stream WHERE name > $1 AND name <= $2 AND at_ms < $3 RETURNING name";

  private final Database database;
  private final OutboxPublisher publisher;
  private final StoreConfig config;
  private final StoreMeters meters;
  private volatile LongSupplier firstUnread = () -> NOTHING_UNREAD;
  private String scannedUpTo = "";

  Retention(Database database, OutboxPublisher publisher, StoreConfig config, StoreMeters meters) {
    this.database = database;
    this.publisher = publisher;
    this.config = config;
    this.meters = meters;
  }

  /**
   * Deletes old events, idempotent answers and silent streams of all nodes; one node runs it for
   * all. Returns the number of rows.
   */
  long prune(Instant now) {
    long rows = pruneEvents(now);
    rows +=
        deleteRepeatedly(
            oldAnswers(), now.minus(config.idempotencyRetention()).toEpochMilli(), BATCH_MAX);
    return rows + deleteSilentStreams(now.minus(config.streamRetention()).toEpochMilli());
  }

  /**
   * Old events wait for the consumers that have not read them yet, but not longer than the bound
   * for that. What they lose then is counted and logged.
   */
  private long pruneEvents(Instant now) {
    long unread = firstUnread.getAsLong();
    long before = now.minus(config.historyRetention()).toEpochMilli();
    long pruned = deleteRepeatedly(oldEvents(), before, unread, BATCH_MAX);
    meters.pruned.increment(pruned);
    if (unread == NOTHING_UNREAD) {
      return pruned;
    }
    long latest = Math.min(before, now.minus(config.unreadRetention()).toEpochMilli());
    int lost = 0;
    for (int batch = 0; batch < BATCHES_MAX; batch++) {
      Rows rows =
          database.write(tx -> tx.run(oldEvents(), latest, NOTHING_UNREAD, (long) BATCH_MAX));
      lost += Collections.frequency(rows.all(row -> isUnread(row, unread)), true);
      meters.pruned.increment(rows.size());
      pruned += rows.size();
      if (rows.size() < BATCH_MAX) {
        break;
      }
    }
    if (lost > 0) {
      meters.unreadLost.increment(lost);
      LOG.error(
          "{} events were deleted before their consumers had read them, because they were older"
              + " than {} (store.unreadFor)",
          lost,
          config.unreadRetention());
    }
    return pruned;
  }

  private static boolean isUnread(Row row, long firstUnread) {
    return row.number("id") >= firstUnread && row.numberOrNull("shard") != null;
  }

  /**
   * Sets what tells the smallest id of an event that a consumer has not read yet, or {@link
   * #NOTHING_UNREAD}.
   */
  void keepUnread(LongSupplier firstUnread) {
    this.firstUnread = firstUnread;
  }

  /** Trims the streams that this node made long; each node does it for the streams it writes to. */
  void trimLongStreams() {
    Map<String, Position> streams = publisher.takeLongStreams();
    if (streams.isEmpty()) {
      return;
    }
    // Asked after the positions were noted: it covers all events up to them.
    long unread = firstUnread.getAsLong();
    streams.forEach(
        (stream, position) -> meters.pruned.increment(trimStream(stream, position, unread)));
  }

  private int trimStream(String stream, Position position, long unread) {
    long upTo = position.offset() - config.historyEventsMax();
    return deleteRepeatedly(EXCESS_EVENTS, stream, position.epoch(), upTo, unread, BATCH_MAX);
  }

  /** Repeats a statement until nothing is left, up to a bound; the rest follows in the next run. */
  private int deleteRepeatedly(String sql, Object... values) {
    int total = 0;
    for (int batch = 0; batch < BATCHES_MAX; batch++) {
      int deleted = database.write(tx -> tx.run(sql, values).size());
      total += deleted;
      if (deleted < BATCH_MAX) {
        break;
      }
    }
    return total;
  }

  /** Checks one page of streams; an index on their time would slow down every event. */
  private int deleteSilentStreams(long silentBeforeMs) {
    Row page = database.read(NEXT_STREAMS, silentBeforeMs, scannedUpTo, BATCH_MAX).row(0);
    String upTo = page.textOrNull("upto");
    if (upTo == null) {
      scannedUpTo = "";
      return 0;
    }
    int deleted = 0;
    if (page.number("silent") > 0) {
      String after = scannedUpTo;
      deleted = database.write(tx -> tx.run(SILENT_STREAMS, after, upTo, silentBeforeMs).size());
    }
    scannedUpTo = page.number("streams") < BATCH_MAX ? "" : upTo;
    return deleted;
  }

  private String oldEvents() {
    return switch (database.dialect()) {
      case SQLITE -> OLD_EVENTS_SQLITE;
      case POSTGRES -> OLD_EVENTS_POSTGRES;
    };
  }

  private String oldAnswers() {
    return switch (database.dialect()) {
      case SQLITE -> OLD_ANSWERS_SQLITE;
      case POSTGRES -> OLD_ANSWERS_POSTGRES;
    };
  }
}
