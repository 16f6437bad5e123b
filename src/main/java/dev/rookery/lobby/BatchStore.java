package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.lobby.Batched.Opening;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Texts;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
      FROM (VALUES %s) AS given WHERE column1 IS NOT NULL
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
      FROM (VALUES %s) AS given WHERE lobby.id = CAST(given.column1 AS BIGINT)
      """;

  private final Texts texts = new Texts();

  /**
   * Each with its host as the only member. Answers them by their hosts, but not those whose code
   * another lobby has.
   *
   * @param rosters of those with teams, by their hosts
   */
  Map<PlayerId, LobbyId> open(
      Transaction tx, List<Opening> openings, Map<PlayerId, Roster> rosters) {
    int room = Placeholders.room(openings.size());
    var values = new @Nullable Object[1 + OPENED_WIDTH * room];
    int place = 0;
    values[place++] = tx.now().toEpochMilli();
    for (Opening opening : openings) {
      Draft draft = opening.draft();
      Roster roster = rosters.get(opening.player());
      values[place++] = opening.player().toString();
      values[place++] = draft.title();
      values[place++] = LobbyStore.key(draft.title());
      values[place++] = Integer.toString(draft.seatsMax());
      values[place++] = draft.hidden() ? "1" : "0";
      values[place++] = draft.locked() ? "1" : "0";
      values[place++] = opening.passwordHash();
      values[place++] = LobbyStore.json(draft.metadata());
      values[place++] = Integer.toString(draft.slowdownSeconds());
      values[place++] = text(opening.code());
      values[place++] = roster == null ? null : RosterJson.write(roster);
    }
    String sql =
        texts.of("open", room, size -> OPEN.formatted(Placeholders.rows(2, OPENED_WIDTH, size)));
    var opened = new HashMap<PlayerId, LobbyId>();
    tx.run(sql, values)
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
            size -> HOLD.formatted(Placeholders.list(1, size)) + tx.dialect().forUpdateOfFree());
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
    String now = Long.toString(tx.now().toEpochMilli());
    int room = Placeholders.room(lobbies.size());
    var values = new @Nullable Object[SAVED_WIDTH * room];
    int place = 0;
    for (Lobby lobby : lobbies) {
      Roster roster = lobby.roster();
      values[place++] = lobby.id().toString();
      values[place++] = text(lobby.host());
      values[place++] = Integer.toString(lobby.members());
      values[place++] = Long.toString(lobby.revision());
      values[place++] = closed.contains(lobby.id()) ? now : null;
      values[place++] = roster == null ? null : RosterJson.write(roster);
    }
    tx.run(
        texts.of("save", room, size -> SAVE.formatted(Placeholders.rows(1, SAVED_WIDTH, size))),
        values);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
