package dev.rookery.match;

import dev.rookery.base.Refused;
import dev.rookery.match.MatchQuery.RoomPosition;
import dev.rookery.match.MatchQuery.RoomSummary;
import dev.rookery.match.MatchStore.SnapshotRow;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and copies the logs and snapshots of matches, for {@link MatchQuery}. */
final class MatchHistoryStore {
  private static final String LIST =
      """
      SELECT room_id, game_key, game_version, phase, host_user, revision, actions, created_ms,
        initial_now_ms, forked_from, forked_revision
      FROM match_room
      WHERE (created_ms, room_id) < ($1, $2)
        AND (CAST($3 AS TEXT) IS NULL OR phase = $3)
        AND (CAST($4 AS TEXT) IS NULL OR game_key = $4)
      ORDER BY created_ms DESC, room_id DESC LIMIT $5
      """;

  private static final String NUMBER_AT =
      """
      SELECT number FROM match_record WHERE room_id = $1 AND revision >= $2
      ORDER BY number LIMIT 1
      """;

  private static final String LAST_BEFORE =
      """
      SELECT number, revision FROM match_record WHERE room_id = $1 AND revision <= $2
      ORDER BY number DESC LIMIT 1
      """;

  private static final String SNAPSHOTS =
      """
      SELECT saved.number, saved.state, saved.digest, record.revision
      FROM match_snapshot AS saved
      LEFT JOIN match_record AS record
        ON record.room_id = saved.room_id AND record.number = saved.number
      WHERE saved.room_id = $1 AND saved.number <= $2
      ORDER BY saved.number DESC LIMIT $3
      """;

  private static final String FORK_ROOM =
      """
      INSERT INTO match_room (room_id, game_key, game_version, host_user, phase, target_capacity,
        seed, initial_now_ms, revision, actions, created_ms, touched_ms, forked_from,
        forked_revision, start_setup, config, profiles, wake_ms)
      SELECT $1, game_key, game_version, host_user, 'active', target_capacity, seed,
        initial_now_ms, $2, $3, $4, $4, room_id, $2, start_setup, config, profiles, $4
      FROM match_room WHERE room_id = $5 AND initial_now_ms IS NOT NULL AND revision >= $2
      RETURNING room_id
      """;

  private static final List<String> FORK_PARTS =
      List.of(
          """
          INSERT INTO match_seat (room_id, seat_index, user_key, user_name, ready, bot_id,
            bot_label)
          SELECT $1, seat_index, user_key, user_name, ready, bot_id, bot_label FROM match_seat
          WHERE room_id = $2 AND $3 >= 0
          """,
          """
          INSERT INTO match_record (room_id, number, record, revision, request_id)
          SELECT $1, number, record, revision, request_id FROM match_record
          WHERE room_id = $2 AND number <= $3
          """,
          """
          INSERT INTO match_snapshot (room_id, number, state, digest)
          SELECT $1, number, state, digest FROM match_snapshot
          WHERE room_id = $2 AND number <= $3
          """);

  /** The rooms created before a position, newest first. */
  List<RoomSummary> list(
      Reader reader,
      RoomPosition before,
      @Nullable String phase,
      @Nullable String gameKey,
      int max) {
    return reader
        .read(LIST, before.createdMs(), before.room(), phase, gameKey, (long) max)
        .all(MatchHistoryStore::summary);
  }

  static RoomSummary summary(Row row) {
    return new RoomSummary(
        row.text("room_id"),
        row.text("game_key"),
        row.text("game_version"),
        Phase.of(row.text("phase")),
        row.text("host_user"),
        row.number("revision"),
        row.number("actions"),
        row.number("created_ms"),
        row.numberOrNull("initial_now_ms"),
        row.textOrNull("forked_from"),
        row.numberOrNull("forked_revision"));
  }

  /** The number of the action whose steps led to a revision. */
  long numberAt(Reader reader, String room, long revision) {
    return reader
        .read(NUMBER_AT, room, revision)
        .first(row -> row.number("number"))
        .orElseThrow(() -> Refused.missing("unknown_revision"));
  }

  /**
   * A stored state.
   *
   * @param revision of the match then; null if the action before it is not stored
   */
  record PastSnapshot(SnapshotRow row, @Nullable Long revision) {}

  /** The newest snapshots up to an action, newest first. */
  List<PastSnapshot> snapshots(Reader reader, String room, long upTo, int max) {
    return reader
        .read(SNAPSHOTS, room, upTo, (long) max)
        .all(
            row ->
                new PastSnapshot(
                    new SnapshotRow(row.number("number"), row.text("state"), row.text("digest")),
                    row.numberOrNull("revision")));
  }

  /**
   * Creates a room whose match has gone as far as another one had at a revision, with the same
   * seats. Returns the revision of the last whole action up to it.
   */
  long fork(Transaction tx, String from, long revision, String room) {
    var last = tx.read(LAST_BEFORE, from, revision);
    long number = last.isEmpty() ? 0 : last.row(0).number("number");
    long reached = last.isEmpty() ? 0 : last.row(0).number("revision");
    long now = tx.now().toEpochMilli();
    if (tx.run(FORK_ROOM, room, reached, number, now, from).isEmpty()) {
      throw Refused.conflict("room_not_started");
    }
    FORK_PARTS.forEach(part -> tx.run(part, room, from, number));
    return reached;
  }
}
