package dev.rookery.store;

import dev.rookery.base.Position;
import java.time.Instant;

/**
 * Drops what has been kept long enough, a bounded number of rows at a time, so that no other call
 * waits long for it.
 */
final class Retention {
  private static final int ROWS_MAX = 500;
  private static final int ROUNDS_MAX = 200;

  private static final String OLD_EVENTS_SQLITE =
      """
      DELETE FROM outbox
      WHERE at_ms < $1 AND id IN (SELECT id FROM outbox ORDER BY id LIMIT $2)
      RETURNING id
      """;

  // Rows are named by where they lie, which costs no index. The array is what makes it a lookup:
  // what locks rows would be run again for each row that it is compared with.
  private static final String OLD_EVENTS_POSTGRES =
      """
      DELETE FROM outbox WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM outbox WHERE at_ms < $1 ORDER BY at_ms LIMIT $2 FOR UPDATE SKIP LOCKED))
      RETURNING id
      """;

  private static final String EXCESS_EVENTS =
      """
      DELETE FROM outbox
      WHERE stream = $1 AND epoch = $2 AND seq_offset <= $3
        AND seq_offset < (
          SELECT min(seq_offset) FROM outbox WHERE stream = $1 AND epoch = $2) + $4
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
  private final OutboxPublisher posting;
  private final StoreConfig config;
  private final StoreMeters meters;
  private String crawled = "";

  Retention(Database database, OutboxPublisher posting, StoreConfig config, StoreMeters meters) {
    this.database = database;
    this.posting = posting;
    this.config = config;
    this.meters = meters;
  }

  /** Of what everybody wrote: one node does it for all. */
  void run(Instant now) {
    long eventsBefore = now.minus(config.historyFor()).toEpochMilli();
    meters.pruned.increment(repeat(oldEvents(), eventsBefore, ROWS_MAX));
    repeat(oldAnswers(), now.minus(config.answersFor()).toEpochMilli(), ROWS_MAX);
    crawl(now.minus(config.streamsFor()).toEpochMilli());
  }

  /** The streams that this node made long: each node does it for those it writes to. */
  void shorten() {
    posting.takeLong().forEach((stream, near) -> meters.pruned.increment(shorten(stream, near)));
  }

  private int shorten(String stream, Position near) {
    long upto = near.offset() - config.historyMax();
    return repeat(EXCESS_EVENTS, stream, near.epoch(), upto, ROWS_MAX);
  }

  /** Again until nothing is left, but not for ever: the rest comes with the next run. */
  private int repeat(String sql, Object... values) {
    int sum = 0;
    for (int round = 0; round < ROUNDS_MAX; round++) {
      int dropped = database.write(tx -> tx.run(sql, values).size());
      sum += dropped;
      if (dropped < ROWS_MAX) {
        break;
      }
    }
    return sum;
  }

  /** Looks at one page of streams; an index on their time would cost every event. */
  private void crawl(long silentBefore) {
    Row page = database.read(NEXT_STREAMS, silentBefore, crawled, ROWS_MAX).row(0);
    String upto = page.textOrNull("upto");
    if (upto == null) {
      crawled = "";
      return;
    }
    if (page.number("silent") > 0) {
      String after = crawled;
      database.write(tx -> tx.run(SILENT_STREAMS, after, upto, silentBefore));
    }
    crawled = page.number("streams") < ROWS_MAX ? "" : upto;
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
