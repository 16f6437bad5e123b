package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.match.RoomRow.Start;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rooms and their seats as rows. */
final class RoomStore {
  /** The code of the refusal on a node that does not own the room, or not any more. */
  static final String NOT_OWNER = "not_owner";

  private static final String INSERT =
      """
      INSERT INTO match_room (room_id, game_key, game_version, host_user, phase, target_capacity,
        seed, revision, actions, created_ms, touched_ms, start_setup, config)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12)
      """;

  private static final String FIND = "SELECT * FROM match_room WHERE room_id = $1";

  private static final String TOUCH =
      "UPDATE match_room SET touched_ms = $1 WHERE room_id = $2 RETURNING room_id";

  // The phase and the time are in indexes.
  private static final String SAVE_PHASE =
      """
      UPDATE match_room SET phase = $1, touched_ms = $2, target_capacity = $3, config = $4,
        requests = COALESCE($5, requests)
      WHERE room_id = $6 RETURNING room_id
      """;

  private static final String SAVE_OPTIONS =
      """
      UPDATE match_room SET target_capacity = $1, config = $2, requests = COALESCE($3, requests)
      WHERE room_id = $4 RETURNING room_id
      """;

  private static final String BEGIN =
      """
      UPDATE match_room SET phase = $1, seed = $2, initial_now_ms = $3, profiles = $4, wake_ms = $5,
        finished_ms = NULL, touched_ms = $6
      WHERE room_id = $7 RETURNING room_id
      """;

  private static final String CLEAR =
      "UPDATE match_room SET revision = 0, actions = 0, start_setup = NULL WHERE room_id = $1";

  private static final String SAVE_WAKE =
      "UPDATE match_room SET wake_ms = $1 WHERE room_id = $2 RETURNING room_id";

  private static final String POSTPONE_WAKE =
      "UPDATE match_room SET wake_ms = $1 WHERE room_id = $2 AND wake_ms < $1";

  private static final String SAVE_REQUESTS =
      "UPDATE match_room SET requests = $1 WHERE room_id = $2 RETURNING room_id";

  private static final String CLOSE =
      """
      UPDATE match_room SET phase = 'closed', wake_ms = NULL, touched_ms = $1 WHERE room_id = $2
      """;

  private static final String DUE =
      "SELECT room_id FROM match_room WHERE wake_ms <= $1 ORDER BY wake_ms LIMIT $2";

  // A statement for each index: one over all columns would read every room.
  private static final String COUNT_BY_PHASE =
      """
      SELECT phase, COUNT(*) AS rooms FROM match_room GROUP BY phase
      UNION ALL
      SELECT 'finished' AS phase, COUNT(*) AS rooms FROM match_room
      WHERE phase = 'active' AND finished_ms IS NOT NULL
      """;

  private static final String COUNT_RUNNING =
      """
      SELECT game_key, game_version, COUNT(*) AS rooms FROM match_room
      WHERE phase = 'active' AND finished_ms IS NULL
      GROUP BY game_key, game_version ORDER BY COUNT(*) DESC, game_key, game_version LIMIT $1
      """;

  private static final String FIND_UNUSED =
      """
      SELECT room_id FROM match_room
      WHERE touched_ms < $1
        AND NOT EXISTS (SELECT 1 FROM match_socket WHERE match_socket.room_id = match_room.room_id)
      ORDER BY touched_ms LIMIT $2
      """;

  private static final String DELETE_UNUSED =
      """
      DELETE FROM match_room WHERE room_id = $1 AND touched_ms < $2
        AND NOT EXISTS (SELECT 1 FROM match_socket WHERE match_socket.room_id = match_room.room_id)
      RETURNING room_id
      """;

  private static final String DELETE_PROFILE_COMMITS =
      "DELETE FROM match_profile_commit WHERE room_id = $1";

  private final SeatStore seats = new SeatStore();

  /** A version of a game that is played. */
  record RunningGame(String gameKey, String version) {}

  void insert(Transaction tx, RoomRow row) {
    tx.run(
        INSERT,
        row.room(),
        row.gameKey(),
        row.gameVersion(),
        row.hostUser(),
        row.phase().text(),
        (long) row.targetCapacity(),
        row.seed(),
        row.revision(),
        row.actions(),
        tx.now().toEpochMilli(),
        row.startSetup(),
        row.config());
  }

  Optional<RoomRow> find(Reader reader, String room) {
    return reader.read(FIND, room).first(RoomStore::room);
  }

  private static RoomRow room(Row row) {
    return new RoomRow(
        row.text("room_id"),
        row.text("game_key"),
        row.text("game_version"),
        row.text("host_user"),
        Phase.of(row.text("phase")),
        (int) row.number("target_capacity"),
        row.text("seed"),
        row.numberOrNull("initial_now_ms"),
        row.number("revision"),
        row.number("actions"),
        row.textOrNull("start_setup"),
        row.textOrNull("config"),
        row.textOrNull("profiles"),
        row.numberOrNull("wake_ms"),
        row.textOrNull("requests"));
  }

  void touch(Transaction tx, String room) {
    requireRow(tx.run(TOUCH, tx.now().toEpochMilli(), room).size());
  }

  /** Saves the lobby of a room that was just inserted. */
  void saveLobby(Transaction tx, String room, LobbyRules lobby) {
    savePhase(tx, room, lobby, null);
    seats.save(tx, room, List.of(), lobby.seats());
  }

  /**
   * Saves what differs in the lobby of a room. A change of seats does not count as a use of the
   * room: who makes it has a socket there.
   *
   * @param requests as {@link RoomRequests} has them; null to leave them as they are
   */
  void saveLobby(
      Transaction tx, String room, LobbyRules before, LobbyRules after, @Nullable String requests) {
    if (before.phase() != after.phase()) {
      savePhase(tx, room, after, requests);
    } else {
      long capacity = after.targetCapacity();
      requireRow(tx.run(SAVE_OPTIONS, capacity, after.config(), requests, room).size());
    }
    seats.save(tx, room, before.seats(), after.seats());
  }

  private static void savePhase(
      Transaction tx, String room, LobbyRules lobby, @Nullable String requests) {
    requireRow(
        tx.run(
                SAVE_PHASE,
                lobby.phase().text(),
                tx.now().toEpochMilli(),
                (long) lobby.targetCapacity(),
                lobby.config(),
                requests,
                room)
            .size());
  }

  /** Closes a room and what is due in it. */
  void close(Transaction tx, String room) {
    tx.run(CLOSE, tx.now().toEpochMilli(), room);
  }

  /** Begins a match, which may go on with records that are there. */
  void begin(Transaction tx, String room, Start start) {
    requireRow(
        tx.run(
                BEGIN,
                start.phase().text(),
                start.seed(),
                start.initialNow(),
                start.profiles(),
                start.wake(),
                tx.now().toEpochMilli(),
                room)
            .size());
  }

  /** Begins another match, or none; what has been recorded of the one before is deleted. */
  void restart(Transaction tx, String room, Start start) {
    begin(tx, room, start);
    tx.run(CLEAR, room);
    MatchStore.delete(tx, room);
  }

  void saveWake(Transaction tx, String room, @Nullable Long wake) {
    requireRow(tx.run(SAVE_WAKE, wake, room).size());
  }

  /** Nobody has to look at a room before a time; its owner, if it has one, knows better. */
  void postponeWake(Transaction tx, String room, long untilMs) {
    tx.run(POSTPONE_WAKE, untilMs, room);
  }

  void saveRequests(Transaction tx, String room, String requests) {
    requireRow(tx.run(SAVE_REQUESTS, requests, room).size());
  }

  /** Rooms that have needed their owner since before a time. */
  List<String> due(Reader reader, long beforeMs, int max) {
    return reader.read(DUE, beforeMs, (long) max).all(row -> row.text("room_id"));
  }

  /** Number of rooms by phase; those of a match with a result are {@code finished}, not active. */
  Map<String, Long> countByPhase(Reader reader) {
    var counts = new HashMap<String, Long>();
    reader.read(COUNT_BY_PHASE).all(row -> counts.put(row.text("phase"), row.number("rooms")));
    counts.computeIfPresent("active", (_, active) -> active - counts.getOrDefault("finished", 0L));
    return counts;
  }

  /** Number of matches without a result, of the versions of games that have the most. */
  Map<RunningGame, Long> countRunning(Reader reader, int max) {
    var counts = new LinkedHashMap<RunningGame, Long>();
    reader
        .read(COUNT_RUNNING, (long) max)
        .all(
            row ->
                counts.put(
                    new RunningGame(row.text("game_key"), row.text("game_version")),
                    row.number("rooms")));
    return counts;
  }

  /** Rooms without sockets that were not touched since a time. */
  List<String> unused(Reader reader, long beforeMs, int max) {
    return reader.read(FIND_UNUSED, beforeMs, (long) max).all(row -> row.text("room_id"));
  }

  /** Deletes a room if it is still unused. */
  boolean deleteUnused(Transaction tx, String room, long beforeMs) {
    if (tx.run(DELETE_UNUSED, room, beforeMs).isEmpty()) {
      return false;
    }
    seats.deleteAll(tx, room);
    tx.run(DELETE_PROFILE_COMMITS, room);
    MatchStore.delete(tx, room);
    return true;
  }

  /** The room was deleted, or changed by somebody else, although its owner believes to know it. */
  private static void requireRow(int rows) {
    if (rows == 0) {
      throw new Refused(new Refusal.Unavailable(NOT_OWNER));
    }
  }
}
