package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Topic;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is at which run of a node, as rows. Whoever adds or removes a row of a player holds the
 * player's row before, so that what is counted here is what the others left.
 */
final class PresenceStore {
  // Nothing is written, and nothing returned, once the run was given up for dead. What is read of a
  // player's stream and of his notices is of one moment.
  private static final String ARRIVE =
      """
      INSERT INTO presence (player_id, run, arrivals)
      SELECT player.id, node.id, 1 FROM player CROSS JOIN node
      WHERE node.id = $1 AND node.alive = 1 AND player.id IN (%s)
      ON CONFLICT (player_id, run) DO UPDATE SET arrivals = presence.arrivals + 1
      RETURNING player_id, arrivals,
        (SELECT COUNT(*) FROM presence AS other
         WHERE other.player_id = presence.player_id AND other.run <> $1) AS elsewhere,
        (SELECT stream.epoch FROM stream WHERE stream.name = %s) AS stream_epoch,
        (SELECT stream.head FROM stream WHERE stream.name = %s) AS stream_head,
      """
          + NotificationWriter.existsFor("presence.player_id")
          + " AS noticed";

  private static final String STREAM = "'" + Topic.PLAYER + "' || presence.player_id";

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

  /**
   * Of players who exist, at most {@link Placeholders#MANY_MAX}; empty if the run was given up for
   * dead.
   */
  Map<PlayerId, Place> arrive(Transaction tx, Set<PlayerId> players, long run) {
    @Nullable Object[] values = Placeholders.values(1, players, PlayerId::value);
    values[0] = run;
    String sql = ARRIVE.formatted(Placeholders.list(2, values.length - 1), STREAM, STREAM);
    var places = new HashMap<PlayerId, Place>();
    for (Row row : tx.run(sql, values).all(row -> row)) {
      places.put(new PlayerId(row.number("player_id")), place(row));
    }
    return places;
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
