package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;

/** Second factors and recovery codes as rows. */
final class FactorStore {
  private static final String FIND =
      "SELECT secret, last_step, confirmed, created_ms FROM console_factor WHERE player_id = $1";

  private static final String PUT =
      """
      INSERT INTO console_factor (player_id, secret, last_step, confirmed, created_ms)
      VALUES ($1, $2, 0, 0, $3)
      ON CONFLICT (player_id) DO UPDATE SET secret = $2, last_step = 0, created_ms = $3
      WHERE console_factor.confirmed = 0
      RETURNING player_id
      """;

  private static final String USE_STEP =
      """
      UPDATE console_factor SET last_step = $1, confirmed = 1
      WHERE player_id = $2 AND last_step < $1 AND secret = $3
      RETURNING player_id
      """;

  private static final String REMOVE = "DELETE FROM console_factor WHERE player_id = $1";

  private static final String ADD_CODE =
      "INSERT INTO console_recovery_code (player_id, digest) VALUES ($1, $2)";

  private static final String USE_CODE =
      """
      DELETE FROM console_recovery_code WHERE player_id = $1 AND digest = $2 RETURNING player_id
      """;

  private static final String REMOVE_CODES =
      "DELETE FROM console_recovery_code WHERE player_id = $1";

  private static final String IS_FRESH =
      """
      SELECT session FROM console_api_factor
      WHERE session = $1 AND player_id = $2 AND factor_ms > $3
      """;

  private static final String GIVEN =
      """
      INSERT INTO console_api_factor (session, player_id, factor_ms) VALUES ($1, $2, $3)
      ON CONFLICT (session) DO UPDATE SET factor_ms = $3
      """;

  private static final String REMOVE_GIVEN = "DELETE FROM console_api_factor WHERE player_id = $1";

  private static final String SWEEP_GIVEN =
      "DELETE FROM console_api_factor WHERE factor_ms <= $1 RETURNING player_id";

  private static final String COUNT_CODES =
      "SELECT count(*) AS codes FROM console_recovery_code WHERE player_id = $1";

  /** A stored factor; its secret is encrypted. */
  record Factor(String secret, long lastStep, boolean confirmed, long createdMs) {}

  Optional<Factor> find(Reader reader, PlayerId player) {
    return reader
        .read(FIND, player.value())
        .first(
            row ->
                new Factor(
                    row.text("secret"),
                    row.number("last_step"),
                    row.flag("confirmed"),
                    row.number("created_ms")));
  }

  /** Replaces a secret that is not confirmed; false if there is one that is. */
  boolean put(Transaction tx, PlayerId player, String secret) {
    return !tx.run(PUT, player.value(), secret, tx.now().toEpochMilli()).isEmpty();
  }

  /** Accepts the code of a time step; false if that one or a later one was accepted before. */
  boolean useStep(Transaction tx, PlayerId player, long step, String secret) {
    return !tx.run(USE_STEP, step, player.value(), secret).isEmpty();
  }

  void remove(Transaction tx, PlayerId player) {
    tx.run(REMOVE, player.value());
    tx.run(REMOVE_CODES, player.value());
    tx.run(REMOVE_GIVEN, player.value());
  }

  /** Whether the factor was given in a session of the API after that time. */
  boolean isFresh(Reader reader, String session, PlayerId player, long afterMs) {
    return !reader.read(IS_FRESH, session, player.value(), afterMs).isEmpty();
  }

  /** The factor was given in a session of the API. */
  void given(Transaction tx, String session, PlayerId player) {
    tx.run(GIVEN, session, player.value(), tx.now().toEpochMilli());
  }

  /** Forgets where it was given before that time. */
  int sweepGiven(Transaction tx, long untilMs) {
    return tx.run(SWEEP_GIVEN, untilMs).size();
  }

  void replaceCodes(Transaction tx, PlayerId player, List<String> digests) {
    tx.run(REMOVE_CODES, player.value());
    digests.forEach(digest -> tx.run(ADD_CODE, player.value(), digest));
  }

  /** Uses a recovery code up; false if there is none. */
  boolean useCode(Transaction tx, PlayerId player, String digest) {
    return !tx.run(USE_CODE, player.value(), digest).isEmpty();
  }

  int codesLeft(Reader reader, PlayerId player) {
    return (int) reader.read(COUNT_CODES, player.value()).row(0).number("codes");
  }
}
