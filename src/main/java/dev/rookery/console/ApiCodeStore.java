package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Transaction;

/** The codes by which admins give their second factor to the API, as rows. */
final class ApiCodeStore {
  private static final String PUT =
      """
      INSERT INTO console_api_code (player_id, digest, session, expires_ms) VALUES ($1, $2, $3, $4)
      ON CONFLICT (player_id) DO UPDATE SET digest = $2, session = $3, expires_ms = $4
      """;

  private static final String TAKE =
      """
      DELETE FROM console_api_code
      WHERE player_id = $1 AND digest = $2 AND expires_ms > $3 AND EXISTS (
        SELECT 1 FROM console_session
        WHERE console_session.digest = console_api_code.session
          AND console_session.player_id = $1 AND console_session.expires_ms > $3)
      RETURNING player_id
      """;

  private static final String FORGET = "DELETE FROM console_api_code WHERE player_id = $1";

  private static final String SWEEP =
      "DELETE FROM console_api_code WHERE expires_ms <= $1 RETURNING player_id";

  /** Stores a code in place of an earlier one of the player. */
  void put(Transaction tx, PlayerId player, String digest, String session, long expiresMs) {
    tx.run(PUT, player.value(), digest, session, expiresMs);
  }

  /** Uses a code up; false if there is none, or it or its session of the console has ended. */
  boolean take(Transaction tx, PlayerId player, String digest) {
    return !tx.run(TAKE, player.value(), digest, tx.now().toEpochMilli()).isEmpty();
  }

  void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET, player.value());
  }

  int sweep(Transaction tx) {
    return tx.run(SWEEP, tx.now().toEpochMilli()).size();
  }
}
