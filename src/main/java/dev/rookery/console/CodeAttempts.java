package dev.rookery.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.cache.SharedCounters.BackOff;
import dev.rookery.store.Database;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.Duration;

/**
 * Delays repeated attempts to guess a code, for all nodes together: an attempt is a committed row
 * before its outcome is known, so parallel attempts on many nodes gain nothing.
 *
 * <p>At most {@value #ROWS_MAX} names of a kind have a row of their own; beyond that new names of
 * that kind share one. So networks that strangers come from do not hold up the codes of admins.
 *
 * <p>A name is its kind, a colon and what tells it apart: {@code factor:7}.
 */
final class CodeAttempts {
  static final int ROWS_MAX = 10_000;

  private static final String OTHERS = "others";

  // Locks the row until the end of the transaction.
  private static final String LOCK =
      """
      INSERT INTO console_attempt (name, attempts, next_ms, forget_ms) VALUES ($1, 0, 0, 0)
      ON CONFLICT (name) DO UPDATE SET name = $1
      RETURNING attempts, next_ms, forget_ms
      """;

  private static final String COUNT =
      """
      UPDATE console_attempt SET attempts = $1, next_ms = $2, forget_ms = $3 WHERE name = $4
      """;

  private static final String EXISTS = "SELECT name FROM console_attempt WHERE name = $1";

  private static final String ROWS =
      """
      SELECT count(*) AS found
      FROM (SELECT name FROM console_attempt WHERE name LIKE $1 LIMIT $2) AS first_rows
      """;

  private static final String TAKE_BACK =
      """
      UPDATE console_attempt SET attempts = attempts - 1, next_ms = 0
      WHERE name = $1 AND attempts > 0
      """;

  private static final String RESET = "DELETE FROM console_attempt WHERE name = $1";

  private static final String SWEEP =
      "DELETE FROM console_attempt WHERE forget_ms <= $1 RETURNING name";

  private final Database database;

  CodeAttempts(Database database) {
    this.database = database;
  }

  /** Counts an attempt; {@code Limited("too_many_attempts")} if it comes too soon. */
  void begin(String name, BackOff backOff) {
    long waitMs = database.write(tx -> tryAttempt(tx, name, backOff));
    if (waitMs > 0) {
      throw new Refused(new Refusal.Limited("too_many_attempts", Duration.ofMillis(waitMs)));
    }
  }

  private static long tryAttempt(Transaction tx, String name, BackOff backOff) {
    boolean known = !tx.read(EXISTS, name).isEmpty();
    String kind = name.substring(0, name.indexOf(':') + 1);
    String counted = known || hasRoom(tx, kind) ? name : kind + OTHERS;
    Row row = tx.run(LOCK, counted).row(0);
    long now = tx.now().toEpochMilli();
    boolean forgotten = row.number("forget_ms") <= now;
    if (!forgotten && row.number("next_ms") > now) {
      return row.number("next_ms") - now;
    }
    long attempts = forgotten ? 1 : row.number("attempts") + 1;
    tx.run(
        COUNT,
        attempts,
        now + backOff.delayMs(attempts),
        now + backOff.resetAfter().toMillis(),
        counted);
    return 0;
  }

  private static boolean hasRoom(Transaction tx, String kind) {
    return tx.read(ROWS, kind + "%", (long) ROWS_MAX).row(0).number("found") < ROWS_MAX;
  }

  /** Takes back an attempt that turned out harmless. */
  void takeBack(String name) {
    run(TAKE_BACK, name);
  }

  /** Forgets all attempts, after one has succeeded. */
  void reset(String name) {
    run(RESET, name);
  }

  private void run(String statement, String name) {
    database.write(
        tx -> {
          tx.run(statement, name);
          return Done.DONE;
        });
  }

  int sweep() {
    return database.write(tx -> tx.run(SWEEP, tx.now().toEpochMilli()).size());
  }
}
