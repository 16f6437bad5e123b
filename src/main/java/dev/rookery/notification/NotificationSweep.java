package dev.rookery.notification;

import dev.rookery.store.Database;
import dev.rookery.store.Row;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Deletes notifications that are too old, and the oldest of players who hold too many. Each run
 * goes on where the last one ended and looks at the notifications of a bounded number of players,
 * so that no other call waits long for it, and so that no index is kept for it.
 */
final class NotificationSweep {
  private static final int PLAYERS_MAX = 500;
  private static final int ROWS_MAX = 1_000;

  private static final String NEXT =
      """
      SELECT COUNT(*) AS players, MAX(recipient_id) AS upto FROM (
        SELECT DISTINCT recipient_id FROM notification
        WHERE recipient_id > $1 ORDER BY recipient_id LIMIT $2) AS page
      """;

  private static final String DELETE_OLD =
      """
      DELETE FROM notification WHERE id IN (
        SELECT id FROM notification
        WHERE recipient_id > $1 AND recipient_id <= $2 AND updated_ms < $3 LIMIT $4)
      RETURNING id
      """;

  private static final String DELETE_SURPLUS =
      """
      DELETE FROM notification WHERE id IN (
        SELECT id FROM (
          SELECT id, ROW_NUMBER() OVER (
            PARTITION BY recipient_id ORDER BY created_ms DESC, id DESC) AS place
          FROM notification WHERE recipient_id > $1 AND recipient_id <= $2) AS numbered
        WHERE place > $3 LIMIT $4)
      RETURNING id
      """;

  private final Database database;
  private final InstantSource clock;
  private final Duration keptFor;
  private final int storedMax;
  private final Counter deleted;
  private long sweptUpTo;

  /**
   * @param keptFor how long a notification is kept after it was created or replaced
   * @param storedMax how many of one player are kept, the newest
   */
  NotificationSweep(Database database, InstantSource clock, Duration keptFor, int storedMax) {
    this.database = database;
    this.clock = clock;
    this.keptFor = keptFor;
    this.storedMax = storedMax;
    this.deleted =
        Counter.builder("rookery.notifications.swept")
            .description("Notifications deleted because they were too old or too many")
            .register(database.registry());
  }

  /** Sweeps the notifications of the next players. Run by one node at a time. */
  void run() {
    Row page = database.read(NEXT, sweptUpTo, (long) PLAYERS_MAX).row(0);
    Long upTo = page.numberOrNull("upto");
    if (upTo == null) {
      sweptUpTo = 0;
      return;
    }
    long before = clock.instant().minus(keptFor).toEpochMilli();
    delete(DELETE_OLD, upTo, before);
    delete(DELETE_SURPLUS, upTo, storedMax);
    sweptUpTo = page.number("players") < PLAYERS_MAX ? 0 : upTo;
  }

  private void delete(String sql, long upTo, long bound) {
    int rows;
    do {
      rows = database.write(tx -> tx.run(sql, sweptUpTo, upTo, bound, (long) ROWS_MAX).size());
      deleted.increment(rows);
    } while (rows == ROWS_MAX);
  }
}
