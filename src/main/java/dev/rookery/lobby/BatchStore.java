package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.lobby.Batched.Opening;
import dev.rookery.store.Placeholders;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Several lobbies at once, as rows: at most {@link Placeholders#MANY_MAX}. */
final class BatchStore {
  private static final int OPENED_WIDTH = 11;
  private static final int SAVED_WIDTH = 6;

  private static final String OPEN =
      """
      INSERT INTO lobby (host_id, title, title_key, seats_max, hidden, locked, password_hash,
        metadata, slowdown_s, code, roster, hostless, members, revision, created_ms)
      SELECT CAST(column1 AS BIGINT), column2, column3, CAST(column4 AS INTEGER),
        CAST(column5 AS INTEGER), CAST(column6 AS INTEGER), column7, column8,
        CAST(column9 AS INTEGER), CAST(column10 AS INTEGER), column11, 0, 1, 1, CAST($1 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      ON CONFLICT DO NOTHING
      RETURNING id, host_id
      """;

  private static final String DROP = "DELETE FROM lobby WHERE id IN (%s)";

  // Who waits for a lobby that somebody else holds does so alone.
  private static final String HOLD =
      "SELECT " + LobbyStore.COLUMNS + " FROM lobby WHERE id IN (%s) AND closed_ms IS NULL";

  private static final String SAVE =
      """
      UPDATE lobby SET host_id = CAST(given.column2 AS BIGINT),
        members = CAST(given.column3 AS INTEGER), revision = CAST(given.column4 AS BIGINT),
        closed_ms = CAST(given.column5 AS BIGINT), roster = given.column6
      FROM %s WHERE lobby.id = CAST(given.column1 AS BIGINT)
      """;

  private final StatementTexts texts = new StatementTexts();

  /**
   * Each with its host as the only member. Answers them by their hosts, but not those whose code
   * another lobby has.
   *
   * @param rosters of those with teams, by their hosts
   */
  Map<PlayerId, LobbyId> open(
      Transaction tx, List<Opening> openings, Map<PlayerId, Roster> rosters) {
    var given = new ValuesTable(OPENED_WIDTH);
    for (Opening opening : openings) {
      Draft draft = opening.draft();
      Roster roster = rosters.get(opening.player());
      given.add(
          opening.player(),
          draft.title(),
          LobbyStore.key(draft.title()),
          draft.seatsMax(),
          draft.hidden() ? 1 : 0,
          draft.locked() ? 1 : 0,
          opening.passwordHash(),
          LobbyStore.json(draft.metadata()),
          draft.slowdownSeconds(),
          opening.code(),
          roster == null ? null : RosterJson.write(roster));
    }
    var opened = new HashMap<PlayerId, LobbyId>();
    given
        .run(tx, texts, OPEN, tx.now().toEpochMilli())
        .all(row -> row)
        .forEach(
            row -> opened.put(new PlayerId(row.number("host_id")), new LobbyId(row.number("id"))));
    return opened;
  }

  /** As if they had never been opened in this transaction. */
  void drop(Transaction tx, Collection<LobbyId> lobbies) {
    String sql =
        texts.of("drop", lobbies.size(), size -> DROP.formatted(Placeholders.list(1, size)));
    tx.run(sql, Placeholders.values(0, lobbies, LobbyId::value));
  }

  /**
   * Those of these that are open and that nobody else holds, held until the end of the transaction.
   */
  Map<LobbyId, Lobby> hold(Transaction tx, Collection<LobbyId> lobbies) {
    String sql =
        texts.of(
            "hold",
            lobbies.size(),
            size ->
                HOLD.formatted(Placeholders.list(1, size)) + tx.dialect().forUpdateSkipLocked());
    var held = new HashMap<LobbyId, Lobby>();
    tx.run(sql, Placeholders.values(0, lobbies, LobbyId::value))
        .all(LobbyStore::lobby)
        .forEach(lobby -> held.put(lobby.id(), lobby));
    return held;
  }

  /**
   * Who is in them, their heads and their teams. The caller holds them.
   *
   * @param closed those that end with this
   */
  void save(Transaction tx, Collection<Lobby> lobbies, Collection<LobbyId> closed) {
    long now = tx.now().toEpochMilli();
    var given = new ValuesTable(SAVED_WIDTH);
    for (Lobby lobby : lobbies) {
      Roster roster = lobby.roster();
      given.add(
          lobby.id(),
          lobby.host(),
          lobby.members(),
          lobby.revision(),
          closed.contains(lobby.id()) ? now : null,
          roster == null ? null : RosterJson.write(roster));
    }
    given.run(tx, texts, SAVE);
  }
}
