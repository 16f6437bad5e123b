package dev.rookery.player;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A player's place, for the domains that change it together with rows of their own.
 *
 * <p>Nothing here is seen by anybody before the caller's transaction commits. Whoever locks several
 * players does so by ascending id, after the lobby they are about to enter or leave; two
 * transactions then wait for each other in one direction only.
 */
public final class Players {
  /** The order in which several players are locked. */
  public static final Comparator<PlayerId> BY_ID = Comparator.comparingLong(PlayerId::value);

  private final PlayerStore store;
  private final LobbyMembershipStore memberships;

  public Players(InstantSource clock) {
    this.store = new PlayerStore(clock);
    this.memberships = new LobbyMembershipStore(clock);
  }

  PlayerStore store() {
    return store;
  }

  /** {@code Missing("player_not_found")} if there is none. */
  public Player find(Reader reader, PlayerId player) {
    return store.find(reader, player).orElseThrow(Players::notFound);
  }

  /** As {@link #find}, and holds the row until the end of the transaction. */
  public Player lock(Transaction tx, PlayerId player) {
    return store.lock(tx, player).orElseThrow(Players::notFound);
  }

  /** Who is in a lobby, oldest account first. */
  public List<Player> findInLobby(Reader reader, LobbyId lobby) {
    return store.findInLobby(reader, lobby);
  }

  /**
   * Seats a player who is in no lobby, and tells his own stream. One statement when it goes well;
   * {@code Conflict("already_in_lobby")} if he is in one, {@code Missing("player_not_found")}.
   */
  public Player joinLobby(Transaction tx, PlayerId player, LobbyId lobby) {
    var entered = store.joinLobby(tx, player, lobby);
    if (entered.isEmpty()) {
      find(tx, player);
      throw Refused.conflict("already_in_lobby");
    }
    return appendChange(tx, entered.get());
  }

  /**
   * Takes a player out of the lobby, and tells his own stream. {@code Conflict("not_in_lobby")} if
   * he is not in this one: he may have left before the caller held the lobby.
   */
  public Player leaveLobby(Transaction tx, PlayerId player, LobbyId lobby) {
    var left = store.leaveLobby(tx, player, lobby);
    return appendChange(tx, left.orElseThrow(() -> Refused.conflict("not_in_lobby")));
  }

  /**
   * From now on his place in the lobby depends on a socket of that run of a node; nothing if he is
   * not in that lobby.
   */
  public void bindToRun(Transaction tx, PlayerId player, LobbyId lobby, long run) {
    memberships.bindToRun(tx, player, lobby, run);
  }

  /**
   * At most {@code max} of those whose places depend on runs that have ended. Reads everybody who
   * is in a lobby: for when there is reason to.
   */
  public List<PlayerId> findMembersOfEndedRuns(Reader reader, int max) {
    return memberships.findMembersOfEndedRuns(reader, max);
  }

  /**
   * Seats players who are in no lobby, each in his own, and tells their streams; at most {@link
   * Placeholders#MANY_MAX}. Answers those who were seated.
   */
  public Map<PlayerId, Player> joinLobbies(Transaction tx, Map<PlayerId, LobbyMembership> seats) {
    return appendChange(tx, memberships.join(tx, seats));
  }

  /**
   * Takes players out of the lobbies they are in, and tells their streams; at most {@link
   * Placeholders#MANY_MAX}. Answers those who left: who is not in his any more does not.
   */
  public Map<PlayerId, Player> leaveLobbies(Transaction tx, Map<PlayerId, LobbyId> seats) {
    return appendChange(tx, memberships.leave(tx, seats));
  }

  /**
   * Takes everybody out of lobbies that end, and tells their streams; at most {@link
   * Placeholders#MANY_MAX} lobbies, which the caller holds.
   */
  public void leaveLobbies(Transaction tx, Collection<LobbyId> lobbies) {
    appendChange(tx, memberships.removeAll(tx, lobbies));
  }

  /** The oldest account in each of at most {@link Placeholders#MANY_MAX} lobbies; not, of empty. */
  public Map<LobbyId, Player> findOldestMembers(Reader reader, Collection<LobbyId> lobbies) {
    var oldest = new HashMap<LobbyId, Player>();
    for (Player player : memberships.findOldestMembers(reader, lobbies)) {
      oldest.put(Objects.requireNonNull(player.lobby()), player);
    }
    return oldest;
  }

  /** Who of at most {@link Placeholders#MANY_MAX} exists. */
  public Map<PlayerId, Player> findAll(Reader reader, Collection<PlayerId> players) {
    return store.findAll(reader, players);
  }

  /**
   * In which lobbies these are, of whom at most {@link Placeholders#MANY_MAX}; not, who is in none.
   */
  public Map<PlayerId, LobbyId> findLobbies(Reader reader, Collection<PlayerId> players) {
    return memberships.findLobbies(reader, players);
  }

  /** Tells one more stream how the player is now: that of a lobby, say. */
  public void appendChange(Transaction tx, Player player, String stream) {
    tx.append(stream, new PlayerEvent.Changed(player));
  }

  /**
   * Online, and seen now: those of them who exist, of at most {@link Placeholders#MANY_MAX}. Tells
   * nobody: that is for who knows whether they were away.
   */
  public Map<PlayerId, Player> setOnline(Transaction tx, Collection<PlayerId> players) {
    var arrived = new HashMap<PlayerId, Player>();
    store.setOnline(tx, players).forEach(player -> arrived.put(player.id(), player));
    return arrived;
  }

  /** Offline, and last seen then. Tells nobody, as {@link #setOnline}. */
  public Player setOffline(Transaction tx, PlayerId player, long seenMs) {
    return store.setOffline(tx, player, seenMs).orElseThrow(Players::notFound);
  }

  /** Holds the row of a player until the end of the transaction; false if there is none. */
  public boolean lockRow(Transaction tx, PlayerId player) {
    return store.lockRow(tx, player);
  }

  /** Notes that these are still here: at most {@link Placeholders#MANY_MAX}. Tells nobody. */
  public void updateLastSeen(Transaction tx, List<PlayerId> players) {
    store.updateLastSeen(tx, players);
  }

  /**
   * SQL for the name of the player whose id is in that column, empty if none. A statement of a
   * later domain that shows a name has it in itself: a read of its own would be one more round
   * trip.
   */
  public static String nameOf(String idColumn) {
    return "COALESCE((SELECT player.display_name FROM player WHERE player.id = %s), '')"
        .formatted(idColumn);
  }

  /**
   * SQL for the address of the player whose id is in that column, empty if none; for what admins
   * alone are shown.
   */
  public static String emailOf(String idColumn) {
    return "COALESCE((SELECT player.email FROM player WHERE player.id = %s), '')"
        .formatted(idColumn);
  }

  /** SQL for the lobby of the player whose id is that column or value; NULL if in none. */
  public static String lobbyOf(String id) {
    return "(SELECT player.lobby_id FROM player WHERE player.id = %s)".formatted(id);
  }

  /** SQL for the oldest account in the lobby whose id is that column or value; NULL if none. */
  public static String oldestIn(String lobby) {
    return "(SELECT min(player.id) FROM player WHERE player.lobby_id = %s)".formatted(lobby);
  }

  /** SQL for whether the player with that id is an admin, as 0 or 1; NULL if there is none. */
  public static String adminOf(String id) {
    return "(SELECT player.admin FROM player WHERE player.id = %s)".formatted(id);
  }

  private Map<PlayerId, Player> appendChange(Transaction tx, List<Player> all) {
    var told = new HashMap<PlayerId, Player>();
    all.forEach(player -> told.put(player.id(), appendChange(tx, player)));
    return told;
  }

  Player appendChange(Transaction tx, Player player) {
    appendChange(tx, player, Topic.player(player.id()));
    return player;
  }

  private static Refused notFound() {
    return Refused.missing("player_not_found");
  }
}
