package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.store.Database;
import java.util.function.LongSupplier;

/**
 * Connections of spectators as rows. All nodes count them, as long as the run of the node that
 * wrote them is alive.
 */
final class SpectatorStore {
  private static final String ADD =
      """
      INSERT INTO spectator (connection, lobby_id, player_id, run)
      SELECT CAST($1 AS TEXT), id, CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM lobby
      WHERE id = $4 AND closed_ms IS NULL AND hidden = 0 AND locked = 0
      ON CONFLICT (connection) DO UPDATE SET
        lobby_id = excluded.lobby_id, player_id = excluded.player_id, run = excluded.run
      RETURNING connection
      """;

  private static final String REMOVE =
      "DELETE FROM spectator WHERE connection = $1 RETURNING connection";

  private static final String REMOVE_ALL =
      """
      DELETE FROM spectator WHERE connection IN (
        SELECT connection FROM spectator WHERE NOT %s LIMIT $1)
      RETURNING connection
      """
          .formatted(NodeLiveness.isAliveCondition("spectator.run"));

  private static final int REMOVED_AT_ONCE = 1_000;

  private final LongSupplier run;

  SpectatorStore(LongSupplier run) {
    this.run = run;
  }

  /** False if the lobby is not open, or may not be watched. */
  boolean add(Database database, String connection, LobbyId lobby, PlayerId player) {
    return database.write(
        tx -> !tx.run(ADD, connection, player.value(), run.getAsLong(), lobby.value()).isEmpty());
  }

  /** Harmless when repeated. */
  void remove(Database database, String connection) {
    database.write(tx -> tx.run(REMOVE, connection).size());
  }

  /** Removes the rows of runs that have ended; returns how many. */
  long tidy(Database database) {
    long all = 0;
    int removed;
    do {
      removed = database.write(tx -> tx.run(REMOVE_ALL, REMOVED_AT_ONCE).size());
      all += removed;
    } while (removed == REMOVED_AT_ONCE);
    return all;
  }
}
