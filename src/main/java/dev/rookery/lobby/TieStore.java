package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.membership.Live;
import dev.rookery.player.Players;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.List;

/** Members who are in a lobby only as long as their socket, as rows. */
final class TieStore {
  private static final String TIE =
      """
      INSERT INTO lobby_tie (player_id, lobby_id, run) VALUES ($1, $2, $3)
      ON CONFLICT (player_id) DO UPDATE SET lobby_id = excluded.lobby_id, run = excluded.run
      """;

  private static final String UNTIE =
      "DELETE FROM lobby_tie WHERE player_id = $1 AND lobby_id = $2";

  private static final String UNTIE_ALL = "DELETE FROM lobby_tie WHERE lobby_id = $1";

  private static final String LOOSE =
      "SELECT player_id, lobby_id, %s AS present FROM lobby_tie WHERE NOT %s ORDER BY player_id LIMIT $1"
          .formatted(Players.lobbyOf("lobby_tie.player_id"), Live.includes("lobby_tie.run"));

  /**
   * A member whose socket was at a run that has ended.
   *
   * @param present whether he is still in that lobby
   */
  record Loose(PlayerId player, LobbyId lobby, boolean present) {}

  void tie(Transaction tx, PlayerId player, LobbyId lobby, long run) {
    tx.run(TIE, player.value(), lobby.value(), run);
  }

  void untie(Transaction tx, PlayerId player, LobbyId lobby) {
    tx.run(UNTIE, player.value(), lobby.value());
  }

  void untieAll(Transaction tx, LobbyId lobby) {
    tx.run(UNTIE_ALL, lobby.value());
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
