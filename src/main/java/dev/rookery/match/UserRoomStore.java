package dev.rookery.match;

import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.List;

/**
 * The rooms in which a user hosts or sits: for the limit of rooms, the deletion of the user and
 * their export.
 */
final class UserRoomStore {
  private static final String LOCK_HOST =
      """
      INSERT INTO match_host (user_key, opened) VALUES ($1, 1)
      ON CONFLICT (user_key) DO UPDATE SET opened = match_host.opened + 1
      """;

  private static final String DELETE_HOST = "DELETE FROM match_host WHERE user_key = $1";

  private static final String COUNT_HOSTED =
      "SELECT COUNT(*) AS rooms FROM match_room WHERE host_user = $1 AND phase <> 'closed'";

  private static final String HOSTED =
      """
      SELECT room_id FROM match_room WHERE host_user = $1 AND phase <> 'closed' AND room_id > $2
      ORDER BY room_id LIMIT $3
      """;

  private static final String SEATED_IN_LOBBIES =
      """
      SELECT match_seat.room_id FROM match_seat
      JOIN match_room ON match_room.room_id = match_seat.room_id
      WHERE match_seat.user_key = $1 AND match_room.phase = 'lobby'
        AND match_seat.room_id > $2
      ORDER BY match_seat.room_id LIMIT $3
      """;

  private static final String SEATED_IN_MATCHES =
      """
      SELECT match_seat.room_id FROM match_seat
      JOIN match_room ON match_room.room_id = match_seat.room_id
      WHERE match_seat.user_key = $1 AND match_room.phase <> 'lobby'
        AND match_seat.room_id > $2
      ORDER BY match_seat.room_id LIMIT $3
      """;

  // A UNION, because an OR of the host and a subquery reads every room.
  private static final String OF_USER =
      """
      SELECT room_id, game_key, phase, host_user, created_ms FROM match_room
      WHERE room_id IN (
        SELECT hosted.room_id FROM match_room AS hosted
        WHERE hosted.host_user = $1 AND hosted.room_id > $2
        UNION
        SELECT match_seat.room_id FROM match_seat
        WHERE match_seat.user_key = $1 AND match_seat.room_id > $2)
      ORDER BY room_id LIMIT $3
      """;

  private static final String LATEST_OF_USER =
      """
      SELECT room_id, game_key, phase, host_user, created_ms FROM match_room
      WHERE created_ms <= $2 AND room_id IN (
        SELECT hosted.room_id FROM match_room AS hosted WHERE hosted.host_user = $1
        UNION
        SELECT match_seat.room_id FROM match_seat WHERE match_seat.user_key = $1)
      ORDER BY created_ms DESC, room_id LIMIT $3
      """;

  /** A room in which a user hosts or sits, for their export. */
  record RoomOfUser(String room, String gameKey, String phase, boolean host, long createdMs) {}

  /** Others who count the rooms of the same host wait for the transaction. */
  void lockHost(Transaction tx, String user) {
    tx.run(LOCK_HOST, user);
  }

  void deleteHost(Transaction tx, String user) {
    tx.run(DELETE_HOST, user);
  }

  long countHosted(Reader reader, String user) {
    return reader.read(COUNT_HOSTED, user).row(0).number("rooms");
  }

  /**
   * The rooms that a user hosts and that are not closed, by id.
   *
   * @param after the room behind which they begin; empty for the first
   */
  List<String> hosted(Reader reader, String user, String after, int max) {
    return reader.read(HOSTED, user, after, (long) max).all(row -> row.text("room_id"));
  }

  /** The rooms in whose lobbies a user sits, as {@link #hosted}. */
  List<String> seatedInLobbies(Reader reader, String user, String after, int max) {
    return reader.read(SEATED_IN_LOBBIES, user, after, (long) max).all(row -> row.text("room_id"));
  }

  /** The rooms in whose matches a user has a seat, as {@link #hosted}. */
  List<String> seatedInMatches(Reader reader, String user, String after, int max) {
    return reader.read(SEATED_IN_MATCHES, user, after, (long) max).all(row -> row.text("room_id"));
  }

  List<RoomOfUser> ofUser(Reader reader, String user, String after, int max) {
    return reader.read(OF_USER, user, after, (long) max).all(row -> room(row, user));
  }

  /** The rooms of a user that were opened up to a time, the newest first. */
  List<RoomOfUser> latestOfUser(Reader reader, String user, long untilMs, int max) {
    return reader.read(LATEST_OF_USER, user, untilMs, max).all(row -> room(row, user));
  }

  private static RoomOfUser room(Row row, String user) {
    return new RoomOfUser(
        row.text("room_id"),
        row.text("game_key"),
        row.text("phase"),
        row.text("host_user").equals(user),
        row.number("created_ms"));
  }
}
