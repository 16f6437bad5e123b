package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.store.Transaction;
import java.util.Optional;

/** Stores which session the game in a browser has, by the session of the browser. */
final class PlaySessionStore {
  private static final String PUT =
      """
      INSERT INTO play_session (browser_session, session, player_id) VALUES ($1, $2, $3)
      ON CONFLICT (browser_session) DO UPDATE SET session = excluded.session
      """;

  private static final String TAKE =
      "DELETE FROM play_session WHERE browser_session = $1 RETURNING session";

  private static final String FORGET =
      "DELETE FROM play_session WHERE player_id = $1 RETURNING session";

  // Those of browsers that have signed out of everything, or whose session has expired.
  private static final String CLEAN =
      """
      DELETE FROM play_session WHERE player_id = $1
        AND NOT EXISTS (SELECT 1 FROM session WHERE session.id = play_session.browser_session)
      RETURNING session
      """;

  void put(Transaction tx, SessionId browser, SessionId session, PlayerId player) {
    tx.run(CLEAN, player.value());
    tx.run(PUT, browser.value(), session.value(), player.value());
  }

  /** Removes the entry of a browser, and returns the session that its game had. */
  Optional<SessionId> take(Transaction tx, SessionId browser) {
    return tx.run(TAKE, browser.value()).first(row -> new SessionId(row.text("session")));
  }

  void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET, player.value());
  }
}
