package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Rows;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Seats of several lobbies at once, one of each, at most {@link Placeholders#MANY_MAX}: lobbies
 * without teams alone. The rows are held until the end of the transaction, by ascending id.
 */
final class SeatStore {
  private static final String TAKE =
      """
      UPDATE lobby SET members = members + 1, revision = revision + 1
      WHERE id IN (SELECT id FROM lobby WHERE id IN (%s) ORDER BY id%s)
        AND closed_ms IS NULL AND locked = 0 AND members < seats_max AND password_hash IS NULL
        AND roster IS NULL
      RETURNING
      """
          + LobbyStore.COLUMNS;

  private static final String UNTAKE =
      "UPDATE lobby SET members = members - 1, revision = revision - 1 WHERE id IN (%s)";

  private static final String GIVE_BACK =
      """
      UPDATE lobby SET members = members - 1, revision = revision + 1,
        host_id = CASE WHEN host_id = CAST(given.column2 AS BIGINT) THEN NULL ELSE host_id END,
        closed_ms = CASE WHEN members = 1 AND hostless = 0 THEN CAST($1 AS BIGINT) END
      FROM (VALUES %s) AS given
      WHERE lobby.id = CAST(given.column1 AS BIGINT)
        AND lobby.id IN (SELECT held.id FROM lobby AS held WHERE held.id IN (%s) ORDER BY held.id%s)
        AND closed_ms IS NULL AND members > 0 AND roster IS NULL
      RETURNING
      """
          + LobbyStore.COLUMNS;

  private static final String SUCCEED =
      "UPDATE lobby SET host_id = "
          + Players.oldestIn("lobby.id")
          + " WHERE id IN (%s) RETURNING "
          + LobbyStore.COLUMNS;

  private final Map<String, String> texts = new ConcurrentHashMap<>();

  /** Takes one seat in each that anybody may enter; answers those, as they are now. */
  Map<LobbyId, Lobby> take(Transaction tx, Collection<LobbyId> ids) {
    return lobbies(
        tx.run(
            text(
                "take",
                ids.size(),
                room -> TAKE.formatted(Placeholders.list(1, room), tx.dialect().forUpdate())),
            Placeholders.values(0, ids, LobbyId::value)));
  }

  /** As if it had never been taken in this transaction. */
  void untake(Transaction tx, Collection<LobbyId> ids) {
    tx.run(
        text("untake", ids.size(), room -> UNTAKE.formatted(Placeholders.list(1, room))),
        Placeholders.values(0, ids, LobbyId::value));
  }

  /**
   * Takes one member of each off its count, and off its head; closes those that had a host and are
   * empty now. Answers those that were open, as they are now.
   */
  Map<LobbyId, Lobby> giveBack(Transaction tx, Map<LobbyId, PlayerId> leavers) {
    int room = Placeholders.room(leavers.size());
    @Nullable Object[] all = Placeholders.values(1 + 2 * room, leavers.keySet(), LobbyId::value);
    all[0] = tx.now().toEpochMilli();
    int place = 1;
    for (Map.Entry<LobbyId, PlayerId> one : leavers.entrySet()) {
      all[place++] = one.getKey().toString();
      all[place++] = one.getValue().toString();
    }
    String sql =
        text(
            "give back",
            leavers.size(),
            size ->
                GIVE_BACK.formatted(
                    Placeholders.rows(2, 2, size),
                    Placeholders.list(2 + 2 * size, size),
                    tx.dialect().forUpdate()));
    return lobbies(tx.run(sql, all));
  }

  /** Makes the member with the oldest account the host of each. The caller holds the lobbies. */
  Map<LobbyId, Lobby> succeed(Transaction tx, Collection<LobbyId> ids) {
    return lobbies(
        tx.run(
            text("succeed", ids.size(), room -> SUCCEED.formatted(Placeholders.list(1, room))),
            Placeholders.values(0, ids, LobbyId::value)));
  }

  private String text(String kind, int count, IntFunction<String> write) {
    int room = Placeholders.room(count);
    return texts.computeIfAbsent(kind + " " + room, _ -> write.apply(room));
  }

  private static Map<LobbyId, Lobby> lobbies(Rows rows) {
    var lobbies = new HashMap<LobbyId, Lobby>();
    rows.all(LobbyStore::lobby).forEach(lobby -> lobbies.put(lobby.id(), lobby));
    return lobbies;
  }
}
