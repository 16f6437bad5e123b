package dev.rookery.player;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where players are, for several of them at once: at most {@link Placeholders#MANY_MAX}. Rows that
 * are changed are held by ascending id.
 */
final class PlaceStore {
  private static final String HELD =
      """
      player.id IN (SELECT held.id FROM player AS held WHERE held.id IN (%s) ORDER BY held.id%s)
      """;

  private static final String ENTER =
      """
      UPDATE player SET lobby_id = CAST(given.column2 AS BIGINT),
        updated_ms = CAST($1 AS BIGINT), revision = revision + 1
      FROM (VALUES %s) AS given
      WHERE player.id = CAST(given.column1 AS BIGINT) AND player.lobby_id IS NULL AND
      """
          + HELD
          + PlayerStore.RETURNING;

  private static final String EXIT =
      """
      UPDATE player SET lobby_id = NULL, updated_ms = CAST($1 AS BIGINT), revision = revision + 1
      FROM (VALUES %s) AS given
      WHERE player.id = CAST(given.column1 AS BIGINT)
        AND player.lobby_id = CAST(given.column2 AS BIGINT) AND
      """
          + HELD
          + PlayerStore.RETURNING;

  private static final String FIND =
      "SELECT id, lobby_id FROM player WHERE id IN (%s) AND lobby_id IS NOT NULL";

  private final InstantSource clock;
  private final Map<String, String> texts = new ConcurrentHashMap<>();

  PlaceStore(InstantSource clock) {
    this.clock = clock;
  }

  /** Those who were in no lobby, as they are now. */
  List<Player> enter(Transaction tx, Map<PlayerId, LobbyId> seats) {
    return change(tx, "enter", ENTER, seats);
  }

  /** Those who were in these lobbies, as they are now. */
  List<Player> exit(Transaction tx, Map<PlayerId, LobbyId> seats) {
    return change(tx, "exit", EXIT, seats);
  }

  private List<Player> change(
      Transaction tx, String kind, String sql, Map<PlayerId, LobbyId> seats) {
    int room = Placeholders.room(seats.size());
    @Nullable Object[] values = Placeholders.values(1 + 2 * room, seats.keySet(), PlayerId::value);
    values[0] = clock.millis();
    int place = 1;
    for (Map.Entry<PlayerId, LobbyId> seat : seats.entrySet()) {
      values[place++] = seat.getKey().toString();
      values[place++] = seat.getValue().toString();
    }
    String text =
        text(
            kind,
            room,
            size ->
                sql.formatted(
                    Placeholders.rows(2, 2, size),
                    Placeholders.list(2 + 2 * size, size),
                    tx.dialect().forUpdate()));
    return tx.run(text, values).all(PlayerStore::player);
  }

  /** The lobbies of those who are in one. */
  Map<PlayerId, LobbyId> find(Reader reader, Collection<PlayerId> players) {
    int room = Placeholders.room(players.size());
    String text = text("find", room, size -> FIND.formatted(Placeholders.list(1, size)));
    var places = new HashMap<PlayerId, LobbyId>();
    for (Row row :
        reader.read(text, Placeholders.values(0, players, PlayerId::value)).all(row -> row)) {
      places.put(new PlayerId(row.number("id")), new LobbyId(row.number("lobby_id")));
    }
    return places;
  }

  private String text(String kind, int room, IntFunction<String> write) {
    return texts.computeIfAbsent(kind + " " + room, _ -> write.apply(room));
  }
}
