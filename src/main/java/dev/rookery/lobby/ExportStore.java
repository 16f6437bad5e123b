package dev.rookery.lobby;

import dev.rookery.player.Export;
import dev.rookery.player.Players;
import dev.rookery.store.Reader;
import io.vertx.core.json.JsonObject;

/** The lobbies that a player is in or watches, for the export of the player's data. */
final class ExportStore {
  private static final String LOBBIES =
      """
      SELECT id, title, host_id, 'member' AS as_what FROM lobby WHERE id =
      """
          + Players.lobbyOf("CAST($1 AS BIGINT)")
          + """

          UNION
          SELECT id, title, host_id, 'spectator' AS as_what FROM lobby
          WHERE id IN (SELECT lobby_id FROM spectator WHERE player_id = $1)
          ORDER BY id, as_what LIMIT $2
          """;

  /** A player is in one at most, and watches few. */
  Export.Part lobbies(Reader reader, Export asked) {
    return Export.Part.whole(
        reader
            .read(LOBBIES, asked.player().value(), (long) Export.ROWS_MAX)
            .all(
                row ->
                    new JsonObject()
                        .put("id", row.number("id"))
                        .put("title", row.text("title"))
                        .put("as", row.text("as_what"))
                        .put(
                            "is_host",
                            Long.valueOf(asked.player().value())
                                .equals(row.numberOrNull("host_id")))));
  }
}
