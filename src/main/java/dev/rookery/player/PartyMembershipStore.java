package dev.rookery.player;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and changes the parties of at most {@link Placeholders#MANY_MAX} players per call. Rows are
 * changed by ascending id.
 */
final class PartyMembershipStore {
  // The CASE hides the condition from the planner, as in LobbyMembershipStore.
  private static final String JOIN =
      """
      UPDATE player SET party_id = CAST(given.column2 AS BIGINT), updated_ms = CAST($1 AS BIGINT),
        revision = revision + 1
      FROM %s
      WHERE player.id = CAST(given.column1 AS BIGINT)
        AND CASE WHEN player.party_id IS NULL THEN 1 ELSE 0 END <> 0
      """
          + PlayerStore.RETURNING;

  private static final String LEAVE =
      """
      UPDATE player SET party_id = NULL, updated_ms = CAST($1 AS BIGINT), revision = revision + 1
      FROM %s
      WHERE player.id = CAST(given.column1 AS BIGINT)
        AND player.party_id = CAST(given.column2 AS BIGINT)
      """
          + PlayerStore.RETURNING;

  private static final String LOCK_SUMMARIES =
      LobbyMembershipStore.SUMMARY + "id IN (%s) ORDER BY id";

  private static final String FIND_MEMBERS =
      LobbyMembershipStore.SUMMARY + "party_id IN (%s) ORDER BY id";

  private static final String FIND_PLAYERS =
      "SELECT" + PlayerStore.COLUMNS + "FROM player WHERE party_id IN (%s) ORDER BY id";

  private final InstantSource clock;
  private final StatementTexts texts = new StatementTexts();

  PartyMembershipStore(InstantSource clock) {
    this.clock = clock;
  }

  /** Sets the parties of players who are in none, and returns those players. */
  List<Player> join(Transaction tx, Map<PlayerId, PartyId> parties) {
    return run(tx, JOIN, parties);
  }

  /** Removes players from the given parties, and returns those who were in them. */
  List<Player> leave(Transaction tx, Map<PlayerId, PartyId> parties) {
    return run(tx, LEAVE, parties);
  }

  private List<Player> run(Transaction tx, String statement, Map<PlayerId, PartyId> parties) {
    var values = new ValuesTable(2);
    parties.keySet().stream()
        .sorted(Players.BY_ID)
        .forEach(player -> values.add(player, parties.get(player)));
    return values.run(tx, texts, statement, clock.millis()).all(PlayerStore::player);
  }

  /** Locks the rows of those players who exist, and returns them. */
  Map<PlayerId, PlayerSummary> lockSummaries(Transaction tx, Collection<PlayerId> players) {
    String text =
        texts.of(
            "lock",
            players.size(),
            size ->
                LOCK_SUMMARIES.formatted(Placeholders.list(1, size)) + tx.dialect().forUpdate());
    var found = new HashMap<PlayerId, PlayerSummary>();
    tx.run(text, Placeholders.values(0, players, PlayerId::value))
        .all(LobbyMembershipStore::summary)
        .forEach(player -> found.put(player.id(), player));
    return found;
  }

  /** Returns the members of the parties, oldest account first. */
  List<PlayerSummary> findMembers(Reader reader, Collection<PartyId> parties) {
    String text =
        texts.of(
            "members", parties.size(), size -> FIND_MEMBERS.formatted(Placeholders.list(1, size)));
    return reader
        .read(text, Placeholders.values(0, parties, PartyId::value))
        .all(LobbyMembershipStore::summary);
  }

  /** As {@link #findMembers}, with all that is shown of them. */
  List<Player> findPlayers(Reader reader, Collection<PartyId> parties) {
    String text =
        texts.of(
            "players", parties.size(), size -> FIND_PLAYERS.formatted(Placeholders.list(1, size)));
    return reader
        .read(text, Placeholders.values(0, parties, PartyId::value))
        .all(PlayerStore::player);
  }
}
