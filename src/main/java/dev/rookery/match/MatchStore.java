package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.game.BotInfo;
import dev.rookery.game.MatchSetup;
import dev.rookery.match.LobbyRules.TakenSeat;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rooms as rows. */
final class MatchStore {
  private static final long SEATS_MAX = 64;

  /** How many records are inserted with one statement. */
  private static final int RECORDS_MAX = 100;

  private static final long SOCKETS_MAX = 10_000;

  private static final String INSERT =
      """
      INSERT INTO match_room (room_id, game_key, game_version, host_user, phase, target_capacity,
        seed, revision, actions, created_ms, touched_ms, start_setup, config)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12)
      """;

  private static final String FIND = "SELECT * FROM match_room WHERE room_id = $1";

  private static final String TOUCH =
      "UPDATE match_room SET touched_ms = $1 WHERE room_id = $2 RETURNING room_id";

  private static final String SAVE_LOBBY =
      """
      UPDATE match_room SET phase = $1, target_capacity = $2, touched_ms = $3, config = $4
      WHERE room_id = $5 RETURNING room_id
      """;

  private static final String BEGIN =
      """
      UPDATE match_room SET phase = $1, seed = $2, initial_now_ms = $3, profiles = $4, wake_ms = $5,
        finished_ms = NULL, touched_ms = $6
      WHERE room_id = $7 RETURNING room_id
      """;

  private static final String CLEAR =
      "UPDATE match_room SET revision = 0, actions = 0, start_setup = NULL WHERE room_id = $1";

  private static final List<String> DELETE_LOG =
      List.of(
          "DELETE FROM match_record WHERE room_id = $1",
          "DELETE FROM match_snapshot WHERE room_id = $1");

  private static final String SAVE_WAKE =
      "UPDATE match_room SET wake_ms = $1 WHERE room_id = $2 RETURNING room_id";

  private static final String DUE =
      "SELECT room_id FROM match_room WHERE wake_ms <= $1 ORDER BY wake_ms LIMIT $2";

  private static final String LOCK_HOST =
      """
      INSERT INTO match_host (user_key, opened) VALUES ($1, 1)
      ON CONFLICT (user_key) DO UPDATE SET opened = match_host.opened + 1
      """;

  private static final String DELETE_HOST = "DELETE FROM match_host WHERE user_key = $1";

  private static final String COUNT_BY_PHASE =
      """
      SELECT CASE WHEN phase = 'active' AND finished_ms IS NOT NULL THEN 'finished' ELSE phase END
        AS phase, COUNT(*) AS rooms
      FROM match_room GROUP BY 1
      """;

  // A time that is indexed is not written with every action: a room with sockets is in use anyway.
  private static final String ADVANCE =
      """
      UPDATE match_room SET revision = CAST(given.column2 AS BIGINT),
        actions = CAST(given.column3 AS BIGINT),
        wake_ms = CAST(given.column4 AS BIGINT),
        finished_ms = CAST(given.column5 AS BIGINT),
        touched_ms = CASE
          WHEN match_room.touched_ms > CAST($1 AS BIGINT) - 60000
            OR CAST(given.column6 AS BIGINT) = 0
          THEN match_room.touched_ms ELSE CAST($1 AS BIGINT) END
      FROM %s WHERE match_room.room_id = given.column1
        AND match_room.actions = CAST(given.column3 AS BIGINT) - 1
      RETURNING match_room.room_id
      """;

  private static final String FIND_SEATS =
      """
      SELECT seat_index, user_key, user_name, ready, bot_id, bot_label FROM match_seat
      WHERE room_id = $1 ORDER BY seat_index LIMIT $2
      """;

  private static final String CLEAR_SEATS = "DELETE FROM match_seat WHERE room_id = $1";

  private static final String INSERT_SEAT =
      """
      INSERT INTO match_seat (room_id, seat_index, user_key, user_name, ready, bot_id, bot_label)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """;

  private static final String DELETE_SEAT =
      "DELETE FROM match_seat WHERE room_id = $1 AND user_key = $2";

  private static final String FORGET_SEAT =
      """
      UPDATE match_seat SET user_key = '', user_name = NULL WHERE room_id = $1 AND user_key = $2
      """;

  private static final String CLOSE =
      """
      UPDATE match_room SET phase = 'closed', wake_ms = NULL, touched_ms = $1 WHERE room_id = $2
      """;

  private static final String FIND_SOCKETS =
      "SELECT socket_id, user_key, player, run FROM match_socket WHERE room_id = $1 LIMIT $2";

  private static final String INSERT_SOCKET =
      """
      INSERT INTO match_socket (socket_id, room_id, user_key, player, run)
      VALUES ($1, $2, $3, $4, $5) ON CONFLICT (socket_id) DO NOTHING
      """;

  private static final String DELETE_SOCKET = "DELETE FROM match_socket WHERE socket_id = $1";

  private static final String DEAD_ROOMS =
      """
      SELECT DISTINCT room_id FROM match_socket WHERE run IN (%s) ORDER BY room_id LIMIT $1
      """
          .formatted(NodeLiveness.endedRunsQuery());

  private static final String DEAD_SOCKETS =
      """
      SELECT socket_id FROM match_socket WHERE room_id = $1 AND NOT %s LIMIT $2
      """
          .formatted(NodeLiveness.isAliveCondition("match_socket.run"));

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

  private static final String COUNT_HOSTED =
      "SELECT COUNT(*) AS rooms FROM match_room WHERE host_user = $1 AND phase <> 'closed'";

  private static final String HOSTED =
      """
      SELECT room_id FROM match_room WHERE host_user = $1 AND phase <> 'closed'
      ORDER BY room_id LIMIT $2
      """;

  private static final String SEATED =
      """
      SELECT match_seat.room_id FROM match_seat
      JOIN match_room ON match_room.room_id = match_seat.room_id
      WHERE match_seat.user_key = $1 AND match_room.phase = 'lobby'
      ORDER BY match_seat.room_id LIMIT $2
      """;

  private static final String OF_USER =
      """
      SELECT room_id, game_key, phase, host_user, created_ms FROM match_room
      WHERE (host_user = $1
        OR room_id IN (SELECT match_seat.room_id FROM match_seat WHERE match_seat.user_key = $1))
        AND room_id > $2
      ORDER BY room_id LIMIT $3
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

  private static final String SEATED_IN_MATCHES =
      """
      SELECT match_seat.room_id FROM match_seat
      JOIN match_room ON match_room.room_id = match_seat.room_id
      WHERE match_seat.user_key = $1 AND match_room.phase <> 'lobby'
      ORDER BY match_seat.room_id LIMIT $2
      """;

  private static final List<String> DELETE_PARTS =
      List.of(CLEAR_SEATS, "DELETE FROM match_profile_commit WHERE room_id = $1");

  private final StatementTexts texts = new StatementTexts();

  /**
   * A room as stored.
   *
   * @param initialNow null until the match has started
   * @param startSetup of a match that goes on with a saved one; null for a new match
   * @param config JSON text: the options of the game; null if it has none
   * @param profiles JSON text: the profiles at the start of the match, by player; null before it
   * @param wake when the room needs its owner again; null for never
   */
  record RoomRow(
      String room,
      String gameKey,
      String gameVersion,
      String hostUser,
      Phase phase,
      int targetCapacity,
      String seed,
      @Nullable Long initialNow,
      long revision,
      long actions,
      @Nullable String startSetup,
      @Nullable String config,
      @Nullable String profiles,
      @Nullable Long wake) {
    /** The same room with its match begun. */
    RoomRow begun(Start start) {
      return with(start, revision, actions, startSetup);
    }

    /** The same room with another match, or with none. */
    RoomRow restarted(Start start) {
      return with(start, 0, 0, null);
    }

    private RoomRow with(
        Start start, long nowRevision, long nowActions, @Nullable String nowStartSetup) {
      return new RoomRow(
          room,
          gameKey,
          gameVersion,
          hostUser,
          start.phase,
          targetCapacity,
          start.seed,
          start.initialNow,
          nowRevision,
          nowActions,
          nowStartSetup,
          config,
          start.profiles,
          start.wake);
    }

    /** The room, with a match that goes on with a saved one. */
    RoomRow continuing(String savedSeed, String setup, long savedRevision, long savedActions) {
      return new RoomRow(
          room,
          gameKey,
          gameVersion,
          hostUser,
          phase,
          targetCapacity,
          savedSeed,
          initialNow,
          savedRevision,
          savedActions,
          setup,
          config,
          profiles,
          wake);
    }

    /** What the match was started with. */
    MatchSetup setup(LobbyRules lobby) {
      return StartSetup.of(this, lobby, initialNow == null ? 0 : initialNow);
    }
  }

  /** What a room begins a match with, or offers its seats again with; as in {@link RoomRow}. */
  record Start(
      Phase phase,
      String seed,
      @Nullable Long initialNow,
      @Nullable String profiles,
      @Nullable Long wake) {}

  /**
   * A socket in a room.
   *
   * @param player null in the lobby
   */
  record SocketRow(String socket, String user, @Nullable String player, long run) {}

  /**
   * A record of a match.
   *
   * @param wake when the room needs its owner again; null for never
   * @param finished whether the match has a result now
   * @param byUser whether it counts as a use of the room
   */
  record RecordRow(
      long number,
      String record,
      long revision,
      String request,
      @Nullable Long wake,
      boolean finished,
      boolean byUser) {
    RecordRow(long number, String record, long revision, String request) {
      this(number, record, revision, request, null, false, true);
    }
  }

  record SnapshotRow(long number, String state, String digest) {}

  /** A room in which a user hosts or sits, for their export. */
  record RoomOfUser(String room, String gameKey, String phase, boolean host, long createdMs) {}

  void insert(Transaction tx, RoomRow row) {
    tx.run(
        INSERT,
        row.room,
        row.gameKey,
        row.gameVersion,
        row.hostUser,
        row.phase.text(),
        (long) row.targetCapacity,
        row.seed,
        row.revision,
        row.actions,
        tx.now().toEpochMilli(),
        row.startSetup,
        row.config);
  }

  Optional<RoomRow> find(Reader reader, String room) {
    return reader.read(FIND, room).first(MatchStore::room);
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
        row.numberOrNull("wake_ms"));
  }

  void touch(Transaction tx, String room) {
    requireRow(tx.run(TOUCH, tx.now().toEpochMilli(), room).size());
  }

  /** Saves the phase, the capacity, the options and the seats. */
  void saveLobby(Transaction tx, String room, LobbyRules lobby) {
    requireRow(
        tx.run(
                SAVE_LOBBY,
                lobby.phase().text(),
                (long) lobby.targetCapacity(),
                tx.now().toEpochMilli(),
                lobby.config(),
                room)
            .size());
    tx.run(CLEAR_SEATS, room);
    for (TakenSeat seat : lobby.seats()) {
      tx.run(
          INSERT_SEAT,
          room,
          (long) seat.index(),
          seat.user(),
          seat.userName(),
          seat.ready() ? 1 : 0,
          seat.bot() == null ? null : seat.bot().botID(),
          seat.bot() == null ? null : seat.bot().label());
    }
  }

  /** Frees the seat of a user. */
  void deleteSeat(Transaction tx, String room, String user) {
    tx.run(DELETE_SEAT, room, user);
  }

  /** Nobody is in the seat of a user any more, but it stays taken. */
  void forgetSeat(Transaction tx, String room, String user) {
    tx.run(FORGET_SEAT, room, user);
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
                start.phase.text(),
                start.seed,
                start.initialNow,
                start.profiles,
                start.wake,
                tx.now().toEpochMilli(),
                room)
            .size());
  }

  /** Begins another match, or none; what has been recorded of the one before is deleted. */
  void restart(Transaction tx, String room, Start start) {
    begin(tx, room, start);
    tx.run(CLEAR, room);
    DELETE_LOG.forEach(part -> tx.run(part, room));
  }

  void saveWake(Transaction tx, String room, @Nullable Long wake) {
    requireRow(tx.run(SAVE_WAKE, wake, room).size());
  }

  /** Rooms that have needed their owner since before a time. */
  List<String> due(Reader reader, long beforeMs, int max) {
    return reader.read(DUE, beforeMs, (long) max).all(row -> row.text("room_id"));
  }

  /** Number of rooms by phase; a match with a result is {@code finished}. */
  Map<String, Long> countByPhase(Reader reader) {
    var counts = new HashMap<String, Long>();
    reader.read(COUNT_BY_PHASE).all(row -> counts.put(row.text("phase"), row.number("rooms")));
    return counts;
  }

  List<TakenSeat> seats(Reader reader, String room) {
    return reader
        .read(FIND_SEATS, room, SEATS_MAX)
        .all(
            row ->
                new TakenSeat(
                    (int) row.number("seat_index"),
                    row.text("user_key"),
                    row.textOrNull("user_name"),
                    row.flag("ready"),
                    bot(row)));
  }

  private static @Nullable BotInfo bot(Row row) {
    String id = row.textOrNull("bot_id");
    return id == null ? null : new BotInfo(id, row.text("bot_label"), null, null);
  }

  List<SocketRow> sockets(Reader reader, String room) {
    return reader
        .read(FIND_SOCKETS, room, SOCKETS_MAX)
        .all(
            row ->
                new SocketRow(
                    row.text("socket_id"),
                    row.text("user_key"),
                    row.textOrNull("player"),
                    row.number("run")));
  }

  void insertSocket(Transaction tx, String room, SocketRow socket) {
    tx.run(INSERT_SOCKET, socket.socket, room, socket.user, socket.player, socket.run);
  }

  void deleteSocket(Transaction tx, String socket) {
    tx.run(DELETE_SOCKET, socket);
  }

  /** Rooms with sockets of runs that have ended. */
  List<String> roomsWithDeadSockets(Reader reader, int max) {
    return reader.read(DEAD_ROOMS, (long) max).all(row -> row.text("room_id"));
  }

  /** The sockets in a room whose runs have ended. */
  List<String> deadSockets(Reader reader, String room) {
    return reader.read(DEAD_SOCKETS, room, SOCKETS_MAX).all(row -> row.text("socket_id"));
  }

  /**
   * Appends a record to each of the rooms, and moves the room to the revision after it. A room that
   * does not exist, or has another number of records than its owner believes, is left alone.
   *
   * @param rows by room, at most {@link Placeholders#MANY_MAX}
   * @return the rooms whose record was appended
   */
  Set<String> appendRecords(Transaction tx, Map<String, RecordRow> rows) {
    var rooms = new ValuesTable(6);
    long now = tx.now().toEpochMilli();
    rows.forEach(
        (room, row) ->
            rooms.add(
                room,
                row.revision,
                row.number,
                row.wake,
                row.finished ? (Long) now : null,
                row.byUser ? 1L : 0L));
    var advanced =
        new HashSet<>(rooms.run(tx, texts, ADVANCE, now).all(row -> row.text("room_id")));
    var records = new ValuesTable(5);
    rows.forEach(
        (room, row) -> {
          if (advanced.contains(room)) {
            records.add(room, row.number, row.record, row.revision, row.request);
          }
        });
    if (!advanced.isEmpty()) {
      records.run(tx, texts, INSERT_RECORDS);
    }
    return advanced;
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

  long countHosted(Reader reader, String user) {
    return reader.read(COUNT_HOSTED, user).row(0).number("rooms");
  }

  /** Others who count the rooms of the same host wait for the transaction. */
  void lockHost(Transaction tx, String user) {
    tx.run(LOCK_HOST, user);
  }

  void deleteHost(Transaction tx, String user) {
    tx.run(DELETE_HOST, user);
  }

  /** The rooms that a user hosts and that are not closed. */
  List<String> hosted(Reader reader, String user, int max) {
    return reader.read(HOSTED, user, (long) max).all(row -> row.text("room_id"));
  }

  /** The rooms in whose lobbies a user sits. */
  List<String> seatedInLobbies(Reader reader, String user, int max) {
    return reader.read(SEATED, user, (long) max).all(row -> row.text("room_id"));
  }

  /** The rooms in whose matches a user has a seat. */
  List<String> seatedInMatches(Reader reader, String user, int max) {
    return reader.read(SEATED_IN_MATCHES, user, (long) max).all(row -> row.text("room_id"));
  }

  List<RoomOfUser> ofUser(Reader reader, String user, String after, int max) {
    return reader
        .read(OF_USER, user, after, (long) max)
        .all(
            row ->
                new RoomOfUser(
                    row.text("room_id"),
                    row.text("game_key"),
                    row.text("phase"),
                    row.text("host_user").equals(user),
                    row.number("created_ms")));
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
    DELETE_PARTS.forEach(part -> tx.run(part, room));
    DELETE_LOG.forEach(part -> tx.run(part, room));
    return true;
  }

  /** The room was deleted, or changed by somebody else, although its owner believes to know it. */
  private static void requireRow(int rows) {
    if (rows == 0) {
      throw new Refused(new Refusal.Unavailable("not_owner"));
    }
  }
}
