package dev.rookery.match;

import dev.rookery.extension.game.BotInfo;
import dev.rookery.match.LobbyRules.TakenSeat;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The taken seats of rooms as rows. */
final class SeatStore {
  private static final long SEATS_MAX = 64;

  private static final String FIND =
      """
      SELECT seat_index, user_key, user_name, ready, bot_id, bot_label FROM match_seat
      WHERE room_id = $1 ORDER BY seat_index LIMIT $2
      """;

  private static final String SAVE =
      """
      INSERT INTO match_seat (room_id, seat_index, user_key, user_name, ready, bot_id, bot_label)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (room_id, seat_index) DO UPDATE SET user_key = excluded.user_key,
        user_name = excluded.user_name, ready = excluded.ready, bot_id = excluded.bot_id,
        bot_label = excluded.bot_label
      """;

  private static final String DELETE =
      "DELETE FROM match_seat WHERE room_id = $1 AND seat_index = $2";

  private static final String DELETE_ALL = "DELETE FROM match_seat WHERE room_id = $1";

  private static final String DELETE_OF_USER =
      "DELETE FROM match_seat WHERE room_id = $1 AND user_key = $2";

  private static final String FORGET =
      """
      UPDATE match_seat SET user_key = '', user_name = NULL WHERE room_id = $1 AND user_key = $2
      """;

  List<TakenSeat> find(Reader reader, String room) {
    return reader
        .read(FIND, room, SEATS_MAX)
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

  /** Saves the seats in which two lists differ: mostly one. */
  void save(Transaction tx, String room, List<TakenSeat> before, List<TakenSeat> after) {
    Map<Integer, TakenSeat> left = new HashMap<>();
    before.forEach(seat -> left.put(seat.index(), seat));
    for (TakenSeat seat : after) {
      if (!seat.equals(left.remove(seat.index()))) {
        save(tx, room, seat);
      }
    }
    left.keySet().forEach(index -> tx.run(DELETE, room, (long) index));
  }

  private static void save(Transaction tx, String room, TakenSeat seat) {
    BotInfo bot = seat.bot();
    tx.run(
        SAVE,
        room,
        (long) seat.index(),
        seat.user(),
        seat.userName(),
        seat.ready() ? 1 : 0,
        bot == null ? null : bot.botID(),
        bot == null ? null : bot.label());
  }

  void deleteAll(Transaction tx, String room) {
    tx.run(DELETE_ALL, room);
  }

  /** Frees the seat of a user. */
  void delete(Transaction tx, String room, String user) {
    tx.run(DELETE_OF_USER, room, user);
  }

  /** Nobody is in the seat of a user any more, but it stays taken. */
  void forget(Transaction tx, String room, String user) {
    tx.run(FORGET, room, user);
  }
}
