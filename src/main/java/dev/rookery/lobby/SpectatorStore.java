package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.presence.LiveNodes;
import dev.rookery.store.Database;

/**
 * Connections that follow a lobby from outside, as rows: all nodes count them, as long as the node
 * that wrote them is alive.
 */
final class SpectatorStore {
  private static final String ADD =
      """
      INSERT INTO spectator (connection, lobby_id, player_id, node)
      SELECT CAST($1 AS TEXT), id, CAST($2 AS BIGINT), CAST($3 AS TEXT) FROM lobby
      WHERE id = $4 AND closed_ms IS NULL AND hidden = 0 AND locked = 0
      ON CONFLICT (connection) DO UPDATE SET
        lobby_id = excluded.lobby_id, player_id = excluded.player_id, node = excluded.node
      RETURNING connection
      """;

  private static final String REMOVE =
      "DELETE FROM spectator WHERE connection = $1 RETURNING connection";

  private static final String REMOVE_ALL =
      """
      DELETE FROM spectator WHERE connection IN (
        SELECT connection FROM spectator WHERE node = $1 OR NOT %s LIMIT $2)
      RETURNING connection
      """
          .formatted(LiveNodes.include("spectator.node"));

  private static final int REMOVED_AT_ONCE = 1_000;

  private final String node;

  SpectatorStore(String node) {
    this.node = node;
  }

  /** False if the lobby is not there, or not to be watched. */
  boolean add(Database database, String connection, LobbyId lobby, PlayerId player) {
    return database.write(
        tx -> !tx.run(ADD, connection, player.value(), node, lobby.value()).isEmpty());
  }

  /** Harmless when repeated. */
  void remove(Database database, String connection) {
    database.write(tx -> tx.run(REMOVE, connection).size());
  }

  /** Forgets what an earlier run of this node, or one that died, left behind. */
  void begin(Database database) {
    int removed;
    do {
      removed = database.write(tx -> tx.run(REMOVE_ALL, node, REMOVED_AT_ONCE).size());
    } while (removed == REMOVED_AT_ONCE);
  }
}
