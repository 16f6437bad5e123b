package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Database;
import org.jspecify.annotations.Nullable;

/** What the sweep of notifications reads and deletes. */
final class NotificationSweepStore {
  /** The most rows that one call deletes. */
  static final int ROWS_MAX = 1_000;

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

  NotificationSweepStore(Database database) {
    this.database = database;
  }

  /**
   * Some recipients with neighbouring ids.
   *
   * @param last null if there are none
   */
  record Recipients(int players, @Nullable PlayerId last) {}

  /** The next recipients with ids above this one. */
  Recipients next(PlayerId after, int playersMax) {
    return database
        .read(NEXT, after.value(), (long) playersMax)
        .first(
            row -> {
              Long last = row.numberOrNull("upto");
              return new Recipients(
                  (int) row.number("players"), last == null ? null : new PlayerId(last));
            })
        .orElseThrow();
  }

  /** Deletes some notifications that were last replaced before then; answers how many. */
  int deleteOld(PlayerId after, PlayerId upTo, long beforeMs) {
    return delete(DELETE_OLD, after, upTo, beforeMs);
  }

  /** Deletes some of those beyond the newest that a player keeps; answers how many. */
  int deleteSurplus(PlayerId after, PlayerId upTo, long storedMax) {
    return delete(DELETE_SURPLUS, after, upTo, storedMax);
  }

  private int delete(String sql, PlayerId after, PlayerId upTo, long bound) {
    return database.write(
        tx -> tx.run(sql, after.value(), upTo.value(), bound, (long) ROWS_MAX).size());
  }
}
