package dev.rookery.console;

import dev.rookery.base.ComparedText;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Failed sign-ins to the console as rows, one for each admin. */
final class FailureStore {
  static final Duration KEPT_FOR = Duration.ofDays(1);
  private static final long LISTED_MAX = 20;

  // Of accounts with a role alone, so that others cannot fill the table.
  private static final String FIND_ADMIN =
      """
      SELECT player.id FROM player JOIN console_grant ON console_grant.player_id = player.id
      WHERE player.email = $1
      """;

  private static final String ADD =
      """
      INSERT INTO console_failure (player_id, failures, first_ms, last_ms) VALUES ($1, 1, $2, $2)
      ON CONFLICT (player_id) DO UPDATE SET
        failures = CASE WHEN console_failure.last_ms <= $3 THEN 1
          ELSE console_failure.failures + 1 END,
        first_ms = CASE WHEN console_failure.last_ms <= $3 THEN $2
          ELSE console_failure.first_ms END,
        last_ms = $2
      """;

  private static final String LIST =
      """
      SELECT player_id, display_name, failures, first_ms, last_ms
      FROM console_failure JOIN player ON player.id = console_failure.player_id
      WHERE failures >= $1 AND last_ms > $2
      ORDER BY last_ms DESC, player_id LIMIT $3
      """;

  private static final String SWEEP =
      "DELETE FROM console_failure WHERE last_ms <= $1 RETURNING last_ms";

  /** The admin whose account has the address that somebody typed. */
  Optional<PlayerId> findAdmin(Reader reader, String email) {
    return reader
        .read(FIND_ADMIN, ComparedText.email(email))
        .first(row -> new PlayerId(row.number("id")));
  }

  void add(Transaction tx, PlayerId admin) {
    long now = tx.now().toEpochMilli();
    tx.run(ADD, admin.value(), now, now - KEPT_FOR.toMillis());
  }

  List<FailedSignIns> list(Reader reader, long nowMs) {
    return reader
        .read(LIST, (long) FailedSignIns.SHOWN_FROM, nowMs - KEPT_FOR.toMillis(), LISTED_MAX)
        .all(
            row ->
                new FailedSignIns(
                    new PlayerId(row.number("player_id")),
                    row.text("display_name"),
                    row.number("failures"),
                    row.number("first_ms"),
                    row.number("last_ms")));
  }

  int sweep(Transaction tx) {
    return tx.run(SWEEP, tx.now().toEpochMilli() - KEPT_FOR.toMillis()).size();
  }
}
