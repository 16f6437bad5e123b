package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Topic;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows that say which player is at which run of a node. A transaction that adds or removes a row of
 * a player locks the player's row first, so that it counts what the others left.
 */
final class PresenceStore {
  // Nothing is written, and nothing returned, once the run was declared dead. The position of the
  // player's stream and whether there are notifications are of one moment.
  private static final String ADD =
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
          + " AS has_notifications";

  private static final String STREAM = "'" + Topic.PLAYER + "' || presence.player_id";

  private static final String REMOVE =
      """
      DELETE FROM presence WHERE run = $1 AND player_id IN (%s)
      RETURNING player_id, (SELECT COUNT(*) FROM presence AS other
        WHERE other.player_id = presence.player_id AND other.run <> $1) AS elsewhere
      """;

  private static final String FIND =
      "SELECT player_id FROM presence WHERE run = $1 ORDER BY player_id LIMIT $2";

  private static final String FIND_FORGOTTEN_RUNS =
      """
      SELECT DISTINCT run FROM presence
      WHERE NOT EXISTS (SELECT 1 FROM node WHERE node.id = presence.run) LIMIT $1
      """;

  private static final String ONLINE =
      "SELECT DISTINCT player_id FROM presence ORDER BY player_id LIMIT $1";

  private static final String ONLINE_AFTER =
      "SELECT DISTINCT player_id FROM presence WHERE player_id > $1 ORDER BY player_id LIMIT $2";

  private final StatementTexts texts = new StatementTexts();

  /** The first players by id who are online on any node. */
  static List<PlayerId> online(Reader reader, int max) {
    return reader.read(ONLINE, (long) max).all(row -> new PlayerId(row.number("player_id")));
  }

  /** The next players by id who are online on any node. */
  static List<PlayerId> onlineAfter(Reader reader, PlayerId after, int max) {
    return reader
        .read(ONLINE_AFTER, after.value(), (long) max)
        .all(row -> new PlayerId(row.number("player_id")));
  }

  /**
   * Adds at most {@link Placeholders#MANY_MAX} players who exist to a run. Empty if the run was
   * declared dead.
   */
  Map<PlayerId, Entry> add(Transaction tx, Set<PlayerId> players, long run) {
    @Nullable Object[] values = Placeholders.values(1, players, PlayerId::value);
    values[0] = run;
    String sql =
        texts.of(
            "add",
            players.size(),
            size -> ADD.formatted(Placeholders.list(2, size), STREAM, STREAM));
    var added = new HashMap<PlayerId, Entry>();
    for (Row row : tx.run(sql, values).all(row -> row)) {
      added.put(new PlayerId(row.number("player_id")), entry(row));
    }
    return added;
  }

  /**
   * Removes at most {@link Placeholders#MANY_MAX} players from a run, and answers those who were
   * there and are at no other.
   */
  Set<PlayerId> remove(Transaction tx, Set<PlayerId> players, long run) {
    @Nullable Object[] values = Placeholders.values(1, players, PlayerId::value);
    values[0] = run;
    String sql =
        texts.of("remove", players.size(), size -> REMOVE.formatted(Placeholders.list(2, size)));
    var last = new HashSet<PlayerId>();
    for (Row row : tx.run(sql, values).all(row -> row)) {
      if (row.number("elsewhere") == 0) {
        last.add(new PlayerId(row.number("player_id")));
      }
    }
    return last;
  }

  /** Some of the players of a run. */
  List<PlayerId> find(Reader reader, long run, int max) {
    return reader.read(FIND, run, max).all(row -> new PlayerId(row.number("player_id")));
  }

  /** Runs that have players although they are forgotten, because a write of theirs came late. */
  List<Long> findForgottenRuns(Reader reader, int max) {
    return reader.read(FIND_FORGOTTEN_RUNS, max).all(row -> row.number("run"));
  }

  private static Entry entry(Row row) {
    Long epoch = row.numberOrNull("stream_epoch");
    return new Entry(
        row.number("arrivals") == 1 && row.number("elsewhere") == 0,
        epoch == null ? Position.START : new Position(epoch, row.number("stream_head")),
        row.number("has_notifications") == 1);
  }

  /**
   * A player who was added.
   *
   * @param first whether the player was at no run before
   * @param position of the player's stream
   * @param hasNotifications whether notifications are stored for the player
   */
  record Entry(boolean first, Position position, boolean hasNotifications) {}
}
