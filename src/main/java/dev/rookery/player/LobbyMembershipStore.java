package dev.rookery.player;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where players are, for several of them at once: at most {@link Placeholders#MANY_MAX}. Those who
 * are changed are changed by ascending id.
 */
final class LobbyMembershipStore {
  // In the last condition is "is in none" in words from which a planner concludes nothing: when few
  // players are in none, looking at all of those first would seem cheap.
  private static final String JOIN =
      """
      UPDATE player SET lobby_id = CAST(given.column2 AS BIGINT),
        lobby_run = CAST(given.column3 AS BIGINT), updated_ms = CAST($1 AS BIGINT),
        revision = revision + 1
      FROM %s
      WHERE player.id = CAST(given.column1 AS BIGINT)
        AND CASE WHEN player.lobby_id IS NULL THEN 1 ELSE 0 END <> 0
      """
          + PlayerStore.RETURNING;

  private static final String LEAVE =
      """
      UPDATE player SET lobby_id = NULL, lobby_run = NULL, updated_ms = CAST($1 AS BIGINT),
        revision = revision + 1
      FROM %s
      WHERE player.id = CAST(given.column1 AS BIGINT)
        AND player.lobby_id = CAST(given.column2 AS BIGINT)
      """
          + PlayerStore.RETURNING;

  private static final String REMOVE_ALL =
      """
      UPDATE player SET lobby_id = NULL, lobby_run = NULL, updated_ms = $1,
        revision = revision + 1
      WHERE lobby_id IN (%s)
      """
          + PlayerStore.RETURNING;

  // Whether in one is not asked here, or the index of those who are would seem worth reading.
  private static final String FIND_LOBBIES = "SELECT id, lobby_id FROM player WHERE id IN (%s)";

  private static final String BIND_TO_RUN =
      "UPDATE player SET lobby_run = $1 WHERE id = $2 AND lobby_id = $3";

  private static final String FIND_MEMBERS_OF_ENDED_RUNS =
      """
      SELECT id FROM player
      WHERE lobby_id IS NOT NULL AND lobby_run IS NOT NULL AND NOT %s LIMIT $1
      """
          .formatted(NodeLiveness.includes("player.lobby_run"));

  private static final String FIND_OLDEST_MEMBERS =
      "SELECT"
          + PlayerStore.COLUMNS
          + """
          FROM player WHERE id IN (
            SELECT min(member.id) FROM player AS member WHERE member.lobby_id IN (%s)
            GROUP BY member.lobby_id)
          """;

  private final InstantSource clock;
  private final StatementTexts texts = new StatementTexts();

  LobbyMembershipStore(InstantSource clock) {
    this.clock = clock;
  }

  /** Those who were in no lobby, as they are now. */
  List<Player> join(Transaction tx, Map<PlayerId, LobbyMembership> seats) {
    var given = new ValuesTable(3);
    sorted(seats.keySet())
        .forEach(
            player -> {
              LobbyMembership seat = Objects.requireNonNull(seats.get(player));
              given.add(player, seat.lobby(), seat.run());
            });
    return given.run(tx, texts, JOIN, clock.millis()).all(PlayerStore::player);
  }

  /** Those who were in these lobbies, as they are now. */
  List<Player> leave(Transaction tx, Map<PlayerId, LobbyId> seats) {
    var given = new ValuesTable(2);
    sorted(seats.keySet()).forEach(player -> given.add(player, seats.get(player)));
    return given.run(tx, texts, LEAVE, clock.millis()).all(PlayerStore::player);
  }

  private static Stream<PlayerId> sorted(Set<PlayerId> players) {
    return players.stream().sorted(Players.BY_ID);
  }

  /** From now on his place depends on that run; nothing if he is not in that lobby. */
  void bindToRun(Transaction tx, PlayerId player, LobbyId lobby, long run) {
    tx.run(BIND_TO_RUN, run, player.value(), lobby.value());
  }

  /** Some of those whose places depend on runs that have ended. */
  List<PlayerId> findMembersOfEndedRuns(Reader reader, int max) {
    return reader.read(FIND_MEMBERS_OF_ENDED_RUNS, max).all(row -> new PlayerId(row.number("id")));
  }

  /** Everybody who was in these lobbies, as they are now. */
  List<Player> removeAll(Transaction tx, Collection<LobbyId> lobbies) {
    @Nullable Object[] values = Placeholders.values(1, lobbies, LobbyId::value);
    values[0] = clock.millis();
    String text =
        texts.of("empty", lobbies.size(), size -> REMOVE_ALL.formatted(Placeholders.list(2, size)));
    return tx.run(text, values).all(PlayerStore::player);
  }

  /** The oldest account in each of these lobbies that is not empty. */
  List<Player> findOldestMembers(Reader reader, Collection<LobbyId> lobbies) {
    String text =
        texts.of(
            "oldest",
            lobbies.size(),
            size -> FIND_OLDEST_MEMBERS.formatted(Placeholders.list(1, size)));
    return reader
        .read(text, Placeholders.values(0, lobbies, LobbyId::value))
        .all(PlayerStore::player);
  }

  /** The lobbies of those who are in one. */
  Map<PlayerId, LobbyId> findLobbies(Reader reader, Collection<PlayerId> players) {
    String text =
        texts.of(
            "find", players.size(), size -> FIND_LOBBIES.formatted(Placeholders.list(1, size)));
    var places = new HashMap<PlayerId, LobbyId>();
    for (Row row :
        reader.read(text, Placeholders.values(0, players, PlayerId::value)).all(row -> row)) {
      Long lobby = row.numberOrNull("lobby_id");
      if (lobby != null) {
        places.put(new PlayerId(row.number("id")), new LobbyId(lobby));
      }
    }
    return places;
  }
}
