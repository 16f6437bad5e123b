package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Topic;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * Who is on which node, as rows. Whoever adds or removes a row of a player holds the player's row
 * before, so that what is counted here is what the others left.
 */
final class PresenceStore {
  // Nothing is written, and nothing returned, once the node's run was given up for dead.
  private static final String ARRIVE =
      """
      INSERT INTO presence (player_id, node, epoch, arrivals)
      SELECT CAST($1 AS BIGINT), node, epoch, 1 FROM presence_node
      WHERE node = $2 AND epoch = $3 AND alive = 1
      ON CONFLICT (player_id, node) DO UPDATE SET
        epoch = excluded.epoch, arrivals = presence.arrivals + 1
      RETURNING arrivals,
        (SELECT COUNT(*) FROM presence AS other
         WHERE other.player_id = $1 AND other.node <> $2) AS elsewhere,
        (SELECT stream.epoch FROM stream WHERE stream.name = $4) AS stream_epoch,
        (SELECT stream.head FROM stream WHERE stream.name = $4) AS stream_head
      """;

  private static final String DEPART =
      """
      DELETE FROM presence WHERE player_id = $1 AND node = $2 AND epoch <= $3
      RETURNING (SELECT COUNT(*) FROM presence AS other
        WHERE other.player_id = $1 AND other.node <> $2) AS elsewhere
      """;

  // Epochs follow the clock, and ascend even if the clock does not.
  private static final String REGISTER =
      """
      INSERT INTO presence_node (node, epoch, alive, seen_ms) VALUES ($1, $2, 1, $2)
      ON CONFLICT (node) DO UPDATE SET
        epoch = CASE WHEN presence_node.epoch >= excluded.epoch
          THEN presence_node.epoch + 1 ELSE excluded.epoch END,
        alive = 1, seen_ms = excluded.seen_ms
      RETURNING epoch
      """;

  private static final String BEAT =
      """
      UPDATE presence_node SET seen_ms = $1 WHERE node = $2 AND epoch = $3 AND alive = 1
      RETURNING node
      """;

  private static final String GIVE_UP =
      "UPDATE presence_node SET alive = 0 WHERE alive = 1 AND seen_ms < $1";

  private static final String RESIGN =
      "UPDATE presence_node SET alive = 0 WHERE node = $1 AND epoch = $2";

  private static final String DEAD =
      "SELECT node, epoch FROM presence_node WHERE alive = 0 ORDER BY node LIMIT $1";

  private static final String FORGET =
      "DELETE FROM presence_node WHERE node = $1 AND epoch = $2 AND alive = 0";

  private static final String OF_RUN =
      """
      SELECT player_id FROM presence WHERE node = $1 AND epoch <= $2 ORDER BY player_id LIMIT $3
      """;

  private static final String ORPHANS =
      """
      SELECT DISTINCT node, epoch FROM presence
      WHERE NOT EXISTS (SELECT 1 FROM presence_node
        WHERE presence_node.node = presence.node AND presence_node.epoch >= presence.epoch)
      LIMIT $1
      """;

  private final String node;

  PresenceStore(String node) {
    this.node = node;
  }

  /** Empty if this run of the node was given up for dead: it must register again. */
  Optional<Place> arrive(Transaction tx, PlayerId player, long epoch) {
    return tx.run(ARRIVE, player.value(), node, epoch, Topic.player(player))
        .first(PresenceStore::place);
  }

  /** Whether he was on that node in that run or an earlier one, and is on no other. */
  boolean departLast(Transaction tx, PlayerId player, Run run) {
    return tx.run(DEPART, player.value(), run.node, run.epoch)
        .first(row -> row.number("elsewhere") == 0)
        .orElse(false);
  }

  /** The epoch of a new run of this node. */
  long register(Transaction tx) {
    return tx.run(REGISTER, node, tx.now().toEpochMilli()).row(0).number("epoch");
  }

  /** False if this run was given up for dead. */
  boolean beat(Transaction tx, long epoch) {
    return !tx.run(BEAT, tx.now().toEpochMilli(), node, epoch).isEmpty();
  }

  void resign(Transaction tx, long epoch) {
    tx.run(RESIGN, node, epoch);
  }

  void giveUp(Transaction tx, long silentSinceMs) {
    tx.run(GIVE_UP, silentSinceMs);
  }

  List<Run> dead(Reader reader, int max) {
    return reader.read(DEAD, (long) max).all(PresenceStore::run);
  }

  void forget(Transaction tx, Run run) {
    tx.run(FORGET, run.node, run.epoch);
  }

  /** Who is still said to be there, in that run or an earlier one. */
  List<PlayerId> of(Reader reader, Run run, int max) {
    return reader
        .read(OF_RUN, run.node, run.epoch, (long) max)
        .all(row -> new PlayerId(row.number("player_id")));
  }

  /** Runs that have rows and were forgotten, because a write of theirs came late. */
  List<Run> orphans(Reader reader, int max) {
    return reader.read(ORPHANS, (long) max).all(PresenceStore::run);
  }

  private static Run run(Row row) {
    return new Run(row.text("node"), row.number("epoch"));
  }

  private static Place place(Row row) {
    Long epoch = row.numberOrNull("stream_epoch");
    return new Place(
        row.number("arrivals") == 1 && row.number("elsewhere") == 0,
        epoch == null ? Position.START : new Position(epoch, row.number("stream_head")));
  }

  /**
   * @param first whether the player was nowhere before
   */
  record Place(boolean first, Position position) {}

  record Run(String node, long epoch) {}
}
