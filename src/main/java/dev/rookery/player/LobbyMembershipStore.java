package dev.rookery.player;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
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
 * Reads and changes the lobbies of at most {@link Placeholders#MANY_MAX} players per call. Rows are
 * changed by ascending id.
 */
final class LobbyMembershipStore {
  // The CASE hides "lobby_id IS NULL" from the planner. When few players are in no lobby, it would
  // otherwise read all of those first.
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

  static final String SUMMARY =
      "SELECT id, uuid, display_name, lobby_id, party_id FROM player WHERE ";

  // No condition on lobby_id, or the planner would read the index of all players in lobbies.
  private static final String FIND_SUMMARIES = SUMMARY + "id IN (%s)";

  private static final String FIND_MEMBERS = SUMMARY + "lobby_id IN (%s) ORDER BY id";

  private static final String FIND_MEMBERS_OF_ENDED_RUNS =
      """
      SELECT id FROM player
      WHERE lobby_id IS NOT NULL AND lobby_run IS NOT NULL AND NOT %s LIMIT $1
      """
          .formatted(NodeLiveness.isAliveCondition("player.lobby_run"));

  private final InstantSource clock;
  private final StatementTexts texts = new StatementTexts();

  LobbyMembershipStore(InstantSource clock) {
    this.clock = clock;
  }

  /** Sets the lobbies of players who are in none, and returns those players. */
  List<Player> join(Transaction tx, Map<PlayerId, LobbyMembership> lobbies) {
    var values = new ValuesTable(3);
    sorted(lobbies.keySet())
        .forEach(
            player -> {
              LobbyMembership membership = Objects.requireNonNull(lobbies.get(player));
              values.add(player, membership.lobby(), membership.run());
            });
    return values.run(tx, texts, JOIN, clock.millis()).all(PlayerStore::player);
  }

  /** Removes players from the given lobbies, and returns those who were in them. */
  List<Player> leave(Transaction tx, Map<PlayerId, LobbyId> lobbies) {
    var values = new ValuesTable(2);
    sorted(lobbies.keySet()).forEach(player -> values.add(player, lobbies.get(player)));
    return values.run(tx, texts, LEAVE, clock.millis()).all(PlayerStore::player);
  }

  private static Stream<PlayerId> sorted(Set<PlayerId> players) {
    return players.stream().sorted(Players.BY_ID);
  }

  /** Returns players whose membership is bound to a run that has ended. */
  List<PlayerId> findMembersOfEndedRuns(Reader reader, int max) {
    return reader.read(FIND_MEMBERS_OF_ENDED_RUNS, max).all(row -> new PlayerId(row.number("id")));
  }

  /** Removes all players from the lobbies, and returns them. */
  List<Player> removeAll(Transaction tx, Collection<LobbyId> lobbies) {
    @Nullable Object[] values = Placeholders.values(1, lobbies, LobbyId::value);
    values[0] = clock.millis();
    String text =
        texts.of("empty", lobbies.size(), size -> REMOVE_ALL.formatted(Placeholders.list(2, size)));
    return tx.run(text, values).all(PlayerStore::player);
  }

  /** Returns those players who exist. */
  Map<PlayerId, PlayerSummary> findSummaries(Reader reader, Collection<PlayerId> players) {
    String text =
        texts.of(
            "find", players.size(), size -> FIND_SUMMARIES.formatted(Placeholders.list(1, size)));
    var found = new HashMap<PlayerId, PlayerSummary>();
    reader
        .read(text, Placeholders.values(0, players, PlayerId::value))
        .all(LobbyMembershipStore::summary)
        .forEach(player -> found.put(player.id(), player));
    return found;
  }

  /** Returns the members of the lobbies, oldest account first. */
  List<PlayerSummary> findMembers(Reader reader, Collection<LobbyId> lobbies) {
    String text =
        texts.of(
            "members", lobbies.size(), size -> FIND_MEMBERS.formatted(Placeholders.list(1, size)));
    return reader
        .read(text, Placeholders.values(0, lobbies, LobbyId::value))
        .all(LobbyMembershipStore::summary);
  }

  static PlayerSummary summary(Row row) {
    Long lobby = row.numberOrNull("lobby_id");
    Long party = row.numberOrNull("party_id");
    return new PlayerSummary(
        new PlayerId(row.number("id")),
        row.text("uuid"),
        row.text("display_name"),
        lobby == null ? null : new LobbyId(lobby),
        party == null ? null : new PartyId(party));
  }
}
