package dev.rookery.match;

import dev.rookery.cluster.NodeLiveness;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open sockets of rooms as rows; a row is valid as long as the run of its node is alive. */
final class RoomSocketStore {
  private static final long SOCKETS_MAX = 10_000;

  private static final String FIND =
      "SELECT socket_id, user_key, player, run FROM match_socket WHERE room_id = $1 LIMIT $2";

  private static final String INSERT =
      """
      INSERT INTO match_socket (socket_id, room_id, user_key, player, run)
      VALUES ($1, $2, $3, $4, $5) ON CONFLICT (socket_id) DO NOTHING
      """;

  private static final String DELETE = "DELETE FROM match_socket WHERE socket_id = $1";

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

  /**
   * A socket in a room.
   *
   * @param player null in the lobby
   */
  record SocketRow(String socket, String user, @Nullable String player, long run) {}

  List<SocketRow> find(Reader reader, String room) {
    return reader
        .read(FIND, room, SOCKETS_MAX)
        .all(
            row ->
                new SocketRow(
                    row.text("socket_id"),
                    row.text("user_key"),
                    row.textOrNull("player"),
                    row.number("run")));
  }

  void insert(Transaction tx, String room, SocketRow socket) {
    tx.run(INSERT, socket.socket, room, socket.user, socket.player, socket.run);
  }

  void delete(Transaction tx, String socket) {
    tx.run(DELETE, socket);
  }

  /** Rooms with sockets of runs that have ended. */
  List<String> roomsWithDeadSockets(Reader reader, int max) {
    return reader.read(DEAD_ROOMS, (long) max).all(row -> row.text("room_id"));
  }

  /** The sockets in a room whose runs have ended. */
  List<String> deadSockets(Reader reader, String room) {
    return reader.read(DEAD_SOCKETS, room, SOCKETS_MAX).all(row -> row.text("socket_id"));
  }
}
