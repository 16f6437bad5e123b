package dev.rookery.player;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Changes the lobby, party and online state of players inside the transactions of other domains.
 *
 * <p>Nothing is visible before the caller's transaction commits. A transaction that locks several
 * players locks lobbies first, then parties, each by ascending id, and then the players by
 * ascending id, which rules out deadlocks.
 */
public final class Players {
  /** The order in which several players are locked. */
  public static final Comparator<PlayerId> BY_ID = Comparator.comparingLong(PlayerId::value);

  private final PlayerStore store;
  private final LobbyMembershipStore memberships;
  private final PartyMembershipStore partyMemberships;

  public Players(InstantSource clock) {
    this.store = new PlayerStore(clock);
    this.memberships = new LobbyMembershipStore(clock);
    this.partyMemberships = new PartyMembershipStore(clock);
  }

  PlayerStore store() {
    return store;
  }

  /** Returns the player; throws {@code Missing("player_not_found")} if there is none. */
  public Player find(Reader reader, PlayerId player) {
    return store.find(reader, player).orElseThrow(Players::notFound);
  }

  /** Returns those of the players who exist. */
  public Map<PlayerId, Player> findAll(Reader reader, Collection<PlayerId> players) {
    var found = new HashMap<PlayerId, Player>();
    Placeholders.inParts(List.copyOf(players), part -> found.putAll(store.findAll(reader, part)));
    return found;
  }

  /** Returns the player and locks the row until the end of the transaction. */
  public Player lock(Transaction tx, PlayerId player) {
    return store.lock(tx, player).orElseThrow(Players::notFound);
  }

  /** Returns the members of a lobby, oldest account first. */
  public List<Player> findInLobby(Reader reader, LobbyId lobby) {
    return store.findInLobby(reader, lobby);
  }

  /**
   * Returns at most {@code max} players whose membership is bound to a run that has ended. Reads
   * all players in lobbies, so call it only after a node has left.
   */
  public List<PlayerId> findMembersOfEndedRuns(Reader reader, int max) {
    return memberships.findMembersOfEndedRuns(reader, max);
  }

  /**
   * Sets the lobbies of at most {@link Placeholders#MANY_MAX} players who are in none, and appends
   * the changes to their streams. Returns those who joined.
   */
  public Map<PlayerId, Player> joinLobbies(Transaction tx, Map<PlayerId, LobbyMembership> lobbies) {
    return appendChanges(tx, memberships.join(tx, lobbies));
  }

  /**
   * Removes at most {@link Placeholders#MANY_MAX} players from the given lobbies, and appends the
   * changes to their streams and those of their parties. Returns those who were still in them.
   */
  public Map<PlayerId, Player> leaveLobbies(Transaction tx, Map<PlayerId, LobbyId> lobbies) {
    return appendChangesToParties(tx, appendChanges(tx, memberships.leave(tx, lobbies)));
  }

  /**
   * Removes all players from at most {@link Placeholders#MANY_MAX} lobbies, which the caller has
   * locked, and appends the changes to their streams and those of their parties.
   */
  public void removeAllMembers(Transaction tx, Collection<LobbyId> lobbies) {
    appendChangesToParties(tx, appendChanges(tx, memberships.removeAll(tx, lobbies)));
  }

  private Map<PlayerId, Player> appendChangesToParties(
      Transaction tx, Map<PlayerId, Player> changed) {
    changed.values().stream()
        .filter(player -> player.partyId() != null)
        .sorted(Comparator.comparing(Player::id, BY_ID))
        .forEach(
            player ->
                appendChange(
                    tx,
                    player,
                    Topic.party(new PartyId(Objects.requireNonNull(player.partyId())))));
    return changed;
  }

  /** Returns those of at most {@link Placeholders#MANY_MAX} players who exist. */
  public Map<PlayerId, PlayerSummary> findSummaries(Reader reader, Collection<PlayerId> players) {
    return memberships.findSummaries(reader, players);
  }

  /**
   * Returns the members of at most {@link Placeholders#MANY_MAX} lobbies, oldest account first;
   * empty lobbies are left out.
   */
  public Map<LobbyId, List<PlayerSummary>> findMembers(Reader reader, Collection<LobbyId> lobbies) {
    return memberships.findMembers(reader, lobbies).stream()
        .collect(Collectors.groupingBy(member -> Objects.requireNonNull(member.lobby())));
  }

  /**
   * Returns at most {@link Placeholders#MANY_MAX} players who exist, their rows locked until the
   * end of the transaction by ascending id.
   */
  public Map<PlayerId, PlayerSummary> lockSummaries(Transaction tx, Collection<PlayerId> players) {
    return partyMemberships.lockSummaries(tx, players);
  }

  /**
   * Sets the parties of at most {@link Placeholders#MANY_MAX} players who are in none, and appends
   * the changes to their streams. Returns those who joined.
   *
   * @param founders who created their party, and are not told of the change (Gamend HTTP contract,
   *     section 10.3)
   */
  public Map<PlayerId, Player> joinParties(
      Transaction tx, Map<PlayerId, PartyId> parties, Set<PlayerId> founders) {
    Map<PlayerId, Player> joined = byId(partyMemberships.join(tx, parties));
    joined.values().stream()
        .filter(player -> !founders.contains(player.id()))
        .sorted(Comparator.comparing(Player::id, BY_ID))
        .forEach(player -> appendChange(tx, player));
    return joined;
  }

  /**
   * Removes at most {@link Placeholders#MANY_MAX} players from the given parties, and appends the
   * changes to their streams. Returns those who were still in them.
   */
  public Map<PlayerId, Player> leaveParties(Transaction tx, Map<PlayerId, PartyId> parties) {
    return appendChanges(tx, partyMemberships.leave(tx, parties));
  }

  /**
   * Returns the members of at most {@link Placeholders#MANY_MAX} parties, oldest account first;
   * empty parties are left out.
   */
  public Map<PartyId, List<PlayerSummary>> findPartyMembers(
      Reader reader, Collection<PartyId> parties) {
    return partyMemberships.findMembers(reader, parties).stream()
        .collect(Collectors.groupingBy(member -> Objects.requireNonNull(member.party())));
  }

  /** As {@link #findPartyMembers}, with all that is shown of them. */
  public Map<PartyId, List<Player>> findInParties(Reader reader, Collection<PartyId> parties) {
    return partyMemberships.findPlayers(reader, parties).stream()
        .collect(
            Collectors.groupingBy(member -> new PartyId(Objects.requireNonNull(member.partyId()))));
  }

  /**
   * The streams on which others are told of changes of the player, beside the player's own: those
   * of the lobby and the party, if in one.
   */
  public static List<String> sharedStreams(Player player) {
    var streams = new ArrayList<String>(2);
    if (player.lobby() != null) {
      streams.add(Topic.lobby(player.lobby()));
    }
    if (player.partyId() != null) {
      streams.add(Topic.party(new PartyId(player.partyId())));
    }
    return streams;
  }

  /** Appends the current state of the player to another stream, such as that of their lobby. */
  public void appendChange(Transaction tx, Player player, String stream) {
    tx.append(stream, new PlayerEvent.Changed(player));
  }

  /**
   * Marks at most {@link Placeholders#MANY_MAX} players as online and seen now, and returns those
   * who exist. Appends no event; the caller does if the state changed.
   */
  public Map<PlayerId, Player> setOnline(Transaction tx, Collection<PlayerId> players) {
    var online = new HashMap<PlayerId, Player>();
    store.setOnline(tx, players).forEach(player -> online.put(player.id(), player));
    return online;
  }

  /**
   * Marks at most {@link Placeholders#MANY_MAX} players as offline and last seen at the given
   * times, and returns those who exist. Appends no event, as {@link #setOnline}.
   */
  public Map<PlayerId, Player> setOffline(Transaction tx, Map<PlayerId, Long> lastSeenMs) {
    return byId(store.setOffline(tx, lastSeenMs));
  }

  /**
   * Locks the rows of at most {@link Placeholders#MANY_MAX} players until the end of the
   * transaction, by ascending id, and returns those who exist.
   */
  public Set<PlayerId> lockRows(Transaction tx, Collection<PlayerId> players) {
    return store.lockRows(tx, players);
  }

  /**
   * Keeps at most {@link Placeholders#MANY_MAX} players from being deleted, or locked for an
   * update, until the end of the transaction, by ascending id, and returns those who exist. A
   * transaction that inserts rows which refer to players, and locks other rows that are locked
   * after players, does so first.
   */
  public Set<PlayerId> lockKeys(Transaction tx, Collection<PlayerId> players) {
    return store.lockKeys(tx, players);
  }

  /**
   * As {@link #lockKeys}, with an answer about each player from the same statement.
   *
   * @param flag an SQL expression of a later domain that is 1 or 0, about {@code player.id}
   */
  public Map<PlayerId, Boolean> lockKeysWith(
      Transaction tx, Collection<PlayerId> players, String flag) {
    return store.lockKeysWith(tx, players, flag);
  }

  /**
   * Updates when at most {@link Placeholders#MANY_MAX} players were last seen. Appends no event.
   */
  public void updateLastSeen(Transaction tx, List<PlayerId> players) {
    store.updateLastSeen(tx, players);
  }

  /**
   * Returns SQL for the name of the player whose id is in that column, empty if none. Embedding it
   * in a statement of a later domain saves a round trip.
   */
  public static String nameOf(String idColumn) {
    return "COALESCE((SELECT player.display_name FROM player WHERE player.id = %s), '')"
        .formatted(idColumn);
  }

  /**
   * Returns SQL for the address of the player whose id is in that column, empty if none; for data
   * that only admins see.
   */
  public static String emailOf(String idColumn) {
    return "COALESCE((SELECT player.email FROM player WHERE player.id = %s), '')"
        .formatted(idColumn);
  }

  /** Returns SQL for the lobby of the player whose id is that column or value; NULL if in none. */
  public static String lobbyOf(String id) {
    return "(SELECT player.lobby_id FROM player WHERE player.id = %s)".formatted(id);
  }

  /** Returns SQL for the party of the player whose id is that column or value; NULL if in none. */
  public static String partyOf(String id) {
    return "(SELECT player.party_id FROM player WHERE player.id = %s)".formatted(id);
  }

  /**
   * Returns SQL for whether the player with that id is an admin, as 0 or 1; NULL if there is none.
   */
  public static String adminOf(String id) {
    return "(SELECT player.admin FROM player WHERE player.id = %s)".formatted(id);
  }

  private Map<PlayerId, Player> appendChanges(Transaction tx, List<Player> all) {
    var changed = new HashMap<PlayerId, Player>();
    all.forEach(player -> changed.put(player.id(), appendChange(tx, player)));
    return changed;
  }

  private static Map<PlayerId, Player> byId(List<Player> all) {
    return all.stream().collect(Collectors.toMap(Player::id, player -> player));
  }

  /**
   * Appends the change to the player's stream and then to the streams of their lobby and party,
   * where the name is shown.
   */
  Player appendChangeToAll(Transaction tx, Player player) {
    appendChange(tx, player);
    sharedStreams(player).forEach(stream -> appendChange(tx, player, stream));
    return player;
  }

  /** As {@link #appendChangeToAll}, and appends that the account was updated. */
  Player appendUpdate(Transaction tx, Player updated) {
    AccountEvent.append(
        tx, AccountEvent.Updated.class, appendChangeToAll(tx, updated), AccountEvent.Updated::new);
    return updated;
  }

  /** Appends the current state of the player to their own stream, and returns the player. */
  Player appendChange(Transaction tx, Player player) {
    appendChange(tx, player, Topic.player(player.id()));
    return player;
  }

  private static Refused notFound() {
    return Refused.missing("player_not_found");
  }
}
