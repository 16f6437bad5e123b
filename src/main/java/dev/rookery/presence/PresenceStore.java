package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Topic;
import dev.rookery.notification.Notifications;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * Who is at which run of a node, as rows. Whoever adds or removes a row of a player holds the
 * player's row before, so that what is counted here is what the others left.
 */
final class PresenceStore {
  // Nothing is written, and nothing returned, once the run was given up for dead.
  private static final String ARRIVE =
      """
      INSERT INTO presence (player_id, run, arrivals)
      SELECT CAST($1 AS BIGINT), node.id, 1 FROM node WHERE node.id = $2 AND node.alive = 1
      ON CONFLICT (player_id, run) DO UPDATE SET arrivals = presence.arrivals + 1
      RETURNING arrivals,
        (SELECT COUNT(*) FROM presence AS other
         WHERE other.player_id = $1 AND other.run <> $2) AS elsewhere,
        (SELECT stream.epoch FROM stream WHERE stream.name = $3) AS stream_epoch,
        (SELECT stream.head FROM stream WHERE stream.name = $3) AS stream_head,
      """
          + Notifications.anyFor("$1")
          + " AS noticed";

  private static final String DEPART =
      """
      DELETE FROM presence WHERE player_id = $1 AND run = $2
      RETURNING (SELECT COUNT(*) FROM presence AS other
        WHERE other.player_id = $1 AND other.run <> $2) AS elsewhere
      """;

  private static final String OF_RUN =
      "SELECT player_id FROM presence WHERE run = $1 ORDER BY player_id LIMIT $2";

  private static final String ORPHANS =
      """
      SELECT DISTINCT run FROM presence
      WHERE NOT EXISTS (SELECT 1 FROM node WHERE node.id = presence.run) LIMIT $1
      """;

  /** Empty if the run was given up for dead. */
  Optional<Place> arrive(Transaction tx, PlayerId player, long run) {
    return tx.run(ARRIVE, player.value(), run, Topic.player(player)).first(PresenceStore::place);
  }

  /** Whether he was at that run, and is at no other. */
  boolean departLast(Transaction tx, PlayerId player, long run) {
    return tx.run(DEPART, player.value(), run)
        .first(row -> row.number("elsewhere") == 0)
        .orElse(false);
  }

  /** Who is still said to be there. */
  List<PlayerId> of(Reader reader, long run, int max) {
    return reader.read(OF_RUN, run, max).all(row -> new PlayerId(row.number("player_id")));
  }

  /** Runs that have rows and were forgotten, because a write of theirs came late. */
  List<Long> orphans(Reader reader, int max) {
    return reader.read(ORPHANS, max).all(row -> row.number("run"));
  }

  private static Place place(Row row) {
    Long epoch = row.numberOrNull("stream_epoch");
    return new Place(
        row.number("arrivals") == 1 && row.number("elsewhere") == 0,
        epoch == null ? Position.START : new Position(epoch, row.number("stream_head")),
        row.number("noticed") == 1);
  }

  /**
   * @param first whether the player was nowhere before
   * @param noticed whether notices are stored for him
   */
  record Place(boolean first, Position position, boolean noticed) {}
}
