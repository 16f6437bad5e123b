package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.membership.Live;
import dev.rookery.player.Players;
import dev.rookery.store.Given;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Texts;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Members who are in a lobby only as long as their socket, as rows. */
final class TieStore {
  private static final int WIDTH = 2;

  private static final String TIE =
      """
      INSERT INTO lobby_tie (player_id, lobby_id, run)
      SELECT CAST(column1 AS BIGINT), CAST(column2 AS BIGINT), CAST($1 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      ON CONFLICT (player_id) DO UPDATE SET lobby_id = excluded.lobby_id, run = excluded.run
      """;

  private static final String UNTIE =
      "DELETE FROM lobby_tie WHERE player_id = $1 AND lobby_id = $2";

  private static final String UNTIE_MANY = "DELETE FROM lobby_tie WHERE player_id IN (%s)";
  private static final String UNTIE_ALL = "DELETE FROM lobby_tie WHERE lobby_id IN (%s)";

  private static final String LOOSE =
      "SELECT player_id, lobby_id, %s AS present FROM lobby_tie WHERE NOT %s ORDER BY player_id LIMIT $1"
          .formatted(Players.lobbyOf("lobby_tie.player_id"), Live.includes("lobby_tie.run"));

  private final Texts texts = new Texts();

  /**
   * A member whose socket was at a run that has ended.
   *
   * @param present whether he is still in that lobby
   */
  record Loose(PlayerId player, LobbyId lobby, boolean present) {}

  /** At most {@link Placeholders#MANY_MAX}, each to his lobby. */
  void tie(Transaction tx, Map<PlayerId, LobbyId> players, long run) {
    var given = new Given(WIDTH);
    players.forEach(given::add);
    given.run(tx, texts, TIE, run);
  }

  void untie(Transaction tx, PlayerId player, LobbyId lobby) {
    tx.run(UNTIE, player.value(), lobby.value());
  }

  /** At most {@link Placeholders#MANY_MAX}, who have left their lobbies. */
  void untie(Transaction tx, Collection<PlayerId> players) {
    String sql =
        texts.of("untie", players.size(), size -> UNTIE_MANY.formatted(Placeholders.list(1, size)));
    tx.run(sql, Placeholders.values(0, players, PlayerId::value));
  }

  /** Everybody of at most {@link Placeholders#MANY_MAX} lobbies. */
  void untieAll(Transaction tx, Collection<LobbyId> lobbies) {
    String sql =
        texts.of("end", lobbies.size(), size -> UNTIE_ALL.formatted(Placeholders.list(1, size)));
    tx.run(sql, Placeholders.values(0, lobbies, LobbyId::value));
  }

  List<Loose> loose(Reader reader, int max) {
    return reader
        .read(LOOSE, max)
        .all(
            row -> {
              long lobby = row.number("lobby_id");
              Long present = row.numberOrNull("present");
              return new Loose(
                  new PlayerId(row.number("player_id")),
                  new LobbyId(lobby),
                  present != null && present == lobby);
            });
  }
}
