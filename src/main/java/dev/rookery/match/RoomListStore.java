package dev.rookery.match;

import dev.rookery.match.MatchQuery.ListedRoom;
import dev.rookery.match.MatchQuery.RoomFilter;
import dev.rookery.match.MatchQuery.RoomPosition;
import dev.rookery.store.Conditions;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import java.util.List;
import java.util.Optional;

/**
 * Lists rooms for admins by keyset. Seats and owners are read for the rooms of the page alone,
 * after they are chosen.
 */
final class RoomListStore {
  private static final String ROOMS =
      """
      SELECT room.*, lease.epoch AS epoch, node.name AS node,
        (SELECT COUNT(*) FROM match_seat WHERE match_seat.room_id = room.room_id) AS seats
      FROM (SELECT * FROM match_room%s) AS room
      LEFT JOIN lease ON lease.name = 'match/' || room.room_id
      LEFT JOIN node ON node.id = lease.run AND node.alive = 1
      """;

  private static final String ORDER = " ORDER BY room.created_ms DESC, room.room_id DESC";

  private static final String OF_NODE =
      """
      room_id IN (SELECT SUBSTR(lease.name, 7) FROM lease
        JOIN node ON node.id = lease.run AND node.alive = 1
        WHERE node.name = ? AND lease.name >= 'match/' AND lease.name < 'match0')
      """;

  /** The rooms of a page, newest first. */
  List<ListedRoom> find(Reader reader, MatchQuery.FindRooms find) {
    Conditions where = where(find.filter());
    RoomPosition from = find.from();
    if (from != null) {
      where.add(
          "(created_ms, room_id) " + (find.backwards() ? ">" : "<") + " (?, ?)",
          from.createdMs(),
          from.room());
    }
    String max = where.value((long) Math.clamp(find.max(), 1, MatchQuery.PAGE_MAX + 1));
    String direction = find.backwards() ? "" : " DESC";
    String page =
        where.text()
            + " ORDER BY created_ms"
            + direction
            + ", room_id"
            + direction
            + " LIMIT "
            + max;
    return reader.read(ROOMS.formatted(page) + ORDER, where.values()).all(RoomListStore::room);
  }

  Optional<ListedRoom> find(Reader reader, String room) {
    return reader.read(ROOMS.formatted(" WHERE room_id = $1"), room).first(RoomListStore::room);
  }

  /** How many rooms there are, at most so many. */
  long count(Reader reader, RoomFilter filter, long max) {
    Conditions where = where(filter);
    String limit = where.value(max);
    String sql =
        "SELECT COUNT(*) AS total FROM (SELECT 1 FROM match_room"
            + where.text()
            + " LIMIT "
            + limit
            + ") AS matching";
    return reader.read(sql, where.values()).row(0).number("total");
  }

  private static Conditions where(RoomFilter filter) {
    var where = new Conditions();
    if (filter.phase() != null) {
      where.add("phase = ?", filter.phase().text());
    }
    if (filter.gameKey() != null) {
      where.add("game_key = ?", filter.gameKey());
    }
    if (filter.gameVersion() != null) {
      where.add("game_version = ?", filter.gameVersion());
    }
    if (filter.node() != null) {
      where.add(OF_NODE, filter.node());
    }
    if (filter.user() != null) {
      where.add("room_id IN (SELECT room_id FROM match_seat WHERE user_key = ?)", filter.user());
    }
    return where;
  }

  private static ListedRoom room(Row row) {
    Long epoch = row.numberOrNull("epoch");
    return new ListedRoom(
        MatchHistoryStore.summary(row),
        (int) row.number("seats"),
        (int) row.number("target_capacity"),
        row.numberOrNull("finished_ms"),
        row.numberOrNull("wake_ms"),
        row.textOrNull("node"),
        epoch == null ? 0 : epoch);
  }
}
