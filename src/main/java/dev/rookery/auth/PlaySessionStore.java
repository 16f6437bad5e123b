package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.store.Placeholders;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores which session the game in a browser has, by the session of the browser, and ends it with
 * that one.
 */
final class PlaySessionStore {
  private static final String PUT =
      """
      INSERT INTO play_session (browser_session, session, player_id) VALUES ($1, $2, $3)
      ON CONFLICT (browser_session) DO UPDATE SET session = excluded.session
      """;

  private static final String TAKE =
      """
      DELETE FROM play_session WHERE browser_session IN (SELECT given.column1 FROM %s)
      RETURNING session
      """;

  private static final String FORGET =
      "DELETE FROM play_session WHERE player_id = $1 RETURNING session";

  private final SessionStore sessions;
  private final StatementTexts texts = new StatementTexts();

  PlaySessionStore(SessionStore sessions) {
    this.sessions = sessions;
  }

  void put(Transaction tx, SessionId browser, SessionId session, PlayerId player) {
    tx.run(PUT, browser.value(), session.value(), player.value());
  }

  /** Ends the sessions of the games in these browsers, and returns those that were open. */
  List<SessionId> endGames(Transaction tx, List<SessionId> browsers) {
    var ended = new ArrayList<SessionId>();
    Placeholders.inParts(
        browsers,
        part -> {
          var given = new ValuesTable(1);
          part.forEach(browser -> given.add(browser.value()));
          given.run(tx, texts, TAKE).all(row -> new SessionId(row.text("session"))).stream()
              .filter(game -> sessions.end(tx, game))
              .forEach(ended::add);
        });
    return ended;
  }

  void forget(Transaction tx, PlayerId player) {
    tx.run(FORGET, player.value());
  }
}
