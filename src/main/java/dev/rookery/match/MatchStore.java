package dev.rookery.match;

import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Matches as rows: the records of their actions, and snapshots of their states. */
final class MatchStore {
  /** How many records are inserted with one statement. */
  private static final int RECORDS_MAX = 100;

  // Changes no column that is indexed, which would cost as much as the rest of an action.
  private static final String ADVANCE =
      """
      UPDATE match_room SET revision = CAST(given.column2 AS BIGINT),
        actions = CAST(given.column3 AS BIGINT)
      FROM %s WHERE match_room.room_id = given.column1
        AND match_room.actions = CAST(given.column3 AS BIGINT) - 1
      RETURNING match_room.room_id
      """;

  private static final String SAVE_TIMES =
      """
      UPDATE match_room SET wake_ms = CAST(given.column2 AS BIGINT),
        finished_ms = CAST(given.column3 AS BIGINT),
        touched_ms = COALESCE(CAST(given.column4 AS BIGINT), match_room.touched_ms)
      FROM %s WHERE match_room.room_id = given.column1
      """;

  private static final String INSERT_RECORDS =
      """
      INSERT INTO match_record (room_id, number, record, revision, request_id)
      SELECT column1, CAST(column2 AS BIGINT), column3, CAST(column4 AS BIGINT), column5
      FROM %s WHERE column1 IS NOT NULL
      """;

  private static final String FIND_RECORDS =
      """
      SELECT number, record, revision, request_id FROM match_record
      WHERE room_id = $1 AND number > $2 ORDER BY number LIMIT $3
      """;

  private static final String INSERT_SNAPSHOT =
      """
      INSERT INTO match_snapshot (room_id, number, state, digest) VALUES ($1, $2, $3, $4)
      """;

  private static final String FIND_SNAPSHOT =
      """
      SELECT number, state, digest FROM match_snapshot
      WHERE room_id = $1 ORDER BY number DESC LIMIT 1
      """;

  private static final List<String> DELETE =
      List.of(
          "DELETE FROM match_record WHERE room_id = $1",
          "DELETE FROM match_snapshot WHERE room_id = $1");

  private final StatementTexts texts = new StatementTexts();

  /**
   * A record of a match.
   *
   * @param times what it changes in the times of its room; null for nothing
   */
  record RecordRow(
      long number, String record, long revision, String request, RoomTimes.@Nullable Change times) {
    RecordRow(long number, String record, long revision, String request) {
      this(number, record, revision, request, null);
    }
  }

  record SnapshotRow(long number, String state, String digest) {}

  /**
   * Appends a record to each of the rooms, and moves the room to the revision after it. A room that
   * does not exist, or has another number of records than its owner believes, is left alone.
   *
   * @param rows by room, at most {@link Placeholders#MANY_MAX}
   * @return the rooms whose record was appended
   */
  Set<String> appendRecords(Transaction tx, Map<String, RecordRow> rows) {
    var rooms = new ValuesTable(3);
    rows.forEach((room, row) -> rooms.add(room, row.revision, row.number));
    var advanced = new HashSet<>(rooms.run(tx, texts, ADVANCE).all(row -> row.text("room_id")));
    var records = new ValuesTable(5);
    rows.forEach(
        (room, row) -> {
          if (advanced.contains(room)) {
            records.add(room, row.number, row.record, row.revision, row.request);
          }
        });
    if (!advanced.isEmpty()) {
      records.run(tx, texts, INSERT_RECORDS);
      saveTimes(tx, rows, advanced);
    }
    return advanced;
  }

  private void saveTimes(Transaction tx, Map<String, RecordRow> rows, Set<String> rooms) {
    long now = tx.now().toEpochMilli();
    var times = new ValuesTable(4);
    for (String room : rooms) {
      RoomTimes.Change change = Objects.requireNonNull(rows.get(room)).times;
      if (change != null) {
        times.add(
            room,
            change.wake(),
            change.finished() ? (Long) now : null,
            change.touched() ? (Long) now : null);
      }
    }
    if (!times.isEmpty()) {
      times.run(tx, texts, SAVE_TIMES);
    }
  }

  /** Adds records to the log of a room whose row counts them already. */
  void insertRecords(Transaction tx, String room, List<RecordRow> rows) {
    for (int from = 0; from < rows.size(); from += RECORDS_MAX) {
      var records = new ValuesTable(5);
      rows.subList(from, Math.min(rows.size(), from + RECORDS_MAX))
          .forEach(row -> records.add(room, row.number, row.record, row.revision, row.request));
      records.run(tx, texts, INSERT_RECORDS);
    }
  }

  List<RecordRow> records(Reader reader, String room, long after, int max) {
    return reader
        .read(FIND_RECORDS, room, after, (long) max)
        .all(
            row ->
                new RecordRow(
                    row.number("number"),
                    row.text("record"),
                    row.number("revision"),
                    row.text("request_id")));
  }

  void insertSnapshot(Transaction tx, String room, SnapshotRow snapshot) {
    tx.run(INSERT_SNAPSHOT, room, snapshot.number, snapshot.state, snapshot.digest);
  }

  Optional<SnapshotRow> newestSnapshot(Reader reader, String room) {
    return reader
        .read(FIND_SNAPSHOT, room)
        .first(row -> new SnapshotRow(row.number("number"), row.text("state"), row.text("digest")));
  }

  /** Deletes what was recorded of the match of a room. */
  static void delete(Transaction tx, String room) {
    DELETE.forEach(part -> tx.run(part, room));
  }
}
