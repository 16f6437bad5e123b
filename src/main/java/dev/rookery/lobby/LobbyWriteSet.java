package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.lobby.LobbyStore.Stored;
import dev.rookery.player.LobbyMembership;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.Batcher;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a {@link LobbyBatch} change: lobbies, and who enters or leaves them. Changes
 * are kept in memory until all tasks are decided, and then written with one statement of each kind.
 *
 * <p>No rule is checked here: the tasks have decided. Lobbies that are created have negative ids
 * until they are inserted.
 */
final class LobbyWriteSet {
  private final Transaction tx;
  private final LobbyStore store;
  private final Players players;
  private final LobbyDependencies dependencies;
  private final LobbyCodes codes;

  // As the tasks before have left them.
  private final Map<LobbyId, Stored> lobbies = new HashMap<>();
  private final List<LobbyId> created = new ArrayList<>();
  private final Map<LobbyId, Lobby> inserted = new HashMap<>();
  private final Set<LobbyId> changed = new LinkedHashSet<>();
  private final Set<LobbyId> withNewSettings = new LinkedHashSet<>();
  private final Set<LobbyId> withNewCode = new LinkedHashSet<>();
  private final Set<LobbyId> closed = new HashSet<>();
  private final List<LobbyId> emptied = new ArrayList<>();
  private final Map<PlayerId, LobbyId> leaving = new LinkedHashMap<>();
  private final Map<PlayerId, LobbyMembership> entering = new LinkedHashMap<>();
  private final Map<PlayerId, LobbyTask> movers = new HashMap<>();
  private final Set<PlayerId> together = new HashSet<>();
  private final Map<PlayerId, Player> moved = new HashMap<>();

  LobbyWriteSet(
      Transaction tx,
      LobbyStore store,
      Players players,
      LobbyDependencies dependencies,
      LobbyCodes codes) {
    this.tx = tx;
    this.store = store;
    this.players = players;
    this.dependencies = dependencies;
    this.codes = codes;
  }

  /** Begins with the lobbies as they were read. */
  void begin(Map<LobbyId, Stored> read) {
    lobbies.putAll(read);
  }

  // As the tasks before have left it.

  /** The lobby, also if a task has closed it; null if it was not read. */
  @Nullable Stored find(LobbyId id) {
    return lobbies.get(id);
  }

  boolean isClosed(LobbyId id) {
    return closed.contains(id);
  }

  /** The lobbies that are created, in the order of their tasks. */
  List<LobbyId> created() {
    return Collections.unmodifiableList(created);
  }

  /** Whether the player enters or leaves a lobby. */
  boolean isMoving(PlayerId player) {
    return movers.containsKey(player);
  }

  boolean isLeaving(PlayerId player, LobbyId lobby) {
    return lobby.equals(leaving.get(player));
  }

  /** Who enters the lobby. */
  List<PlayerId> entering(LobbyId lobby) {
    return entering.entrySet().stream()
        .filter(one -> one.getValue().lobby().equals(lobby))
        .map(Map.Entry::getKey)
        .toList();
  }

  // Change.

  /** A lobby as a task has made it. */
  void put(Lobby lobby) {
    Stored before = Objects.requireNonNull(lobbies.get(lobby.id()));
    if (!Objects.equals(before.lobby().code(), lobby.code())) {
      withNewCode.add(lobby.id());
    }
    lobbies.put(lobby.id(), before.with(lobby));
    changed.add(lobby.id());
  }

  void putSettings(Lobby lobby, @Nullable String passwordHash) {
    put(lobby);
    boolean byCode = Objects.requireNonNull(lobbies.get(lobby.id())).byCode();
    lobbies.put(lobby.id(), new Stored(lobby, passwordHash, byCode));
    withNewSettings.add(lobby.id());
  }

  /** Ends a lobby that nobody is in any more. */
  void close(Lobby lobby) {
    put(lobby);
    closed.add(lobby.id());
  }

  /** Ends a lobby, and takes out everybody who is in it. */
  void empty(Lobby lobby) {
    close(lobby.emptied());
    emptied.add(lobby.id());
  }

  /**
   * Creates a lobby.
   *
   * @param host null for a hostless one
   * @param bySocket as for {@link #enter}
   */
  Lobby create(
      LobbyTask task,
      Lobby lobby,
      @Nullable String passwordHash,
      @Nullable PlayerSummary host,
      boolean bySocket) {
    var id = new LobbyId(-1 - created.size());
    Lobby fresh = lobby.stored(id, lobby.title(), lobby.code());
    created.add(id);
    // A wire with teams has a code for what it hides.
    lobbies.put(id, new Stored(fresh, passwordHash, fresh.hidden() && fresh.code() != null));
    if (host != null) {
      enter(task, host, fresh, bySocket);
    }
    return fresh;
  }

  /**
   * A player joins the lobby.
   *
   * @param bySocket whether the player leaves it when the node ends that serves this
   */
  void enter(LobbyTask task, PlayerSummary player, Lobby after, boolean bySocket) {
    Long run = bySocket ? dependencies.run().getAsLong() : null;
    movers.put(player.id(), task);
    entering.put(player.id(), new LobbyMembership(after.id(), run));
    put(after);
  }

  /**
   * The members of a party join the lobby together.
   *
   * @param bySocketOf the member who leaves it when the node ends that serves this; null for none
   * @param without a member who is in the lobby already, as its host; null for none
   * @param team for the leader; null for the smaller one
   */
  Lobby enterTogether(
      LobbyTask task,
      EnteringParty party,
      Lobby before,
      @Nullable PlayerId bySocketOf,
      @Nullable PlayerId without,
      Roster.@Nullable Team team) {
    Lobby after = before;
    for (PlayerSummary member : party.summaries()) {
      together.add(member.id());
      if (!member.id().equals(without)) {
        after = after.joinedBy(member, party.isLedBy(member.id()) ? team : null);
        enter(task, member, after, member.id().equals(bySocketOf));
      }
    }
    return after;
  }

  /** A player leaves the lobby. */
  void leave(LobbyTask task, PlayerSummary player, Lobby after) {
    movers.put(player.id(), task);
    leaving.put(player.id(), after.id());
    put(after);
  }

  // Write.

  /**
   * Inserts the new lobbies, and moves the players.
   *
   * @throws Batcher.LostRace if a player had moved meanwhile, or the host of a new lobby
   */
  void move() {
    insert();
    if (!leaving.isEmpty()) {
      inParts(leaving, part -> moved.putAll(players.leaveLobbies(tx, part)));
    }
    if (!entering.isEmpty()) {
      entering.replaceAll(
          (_, to) ->
              inserted.containsKey(to.lobby())
                  ? new LobbyMembership(inserted.get(to.lobby()).id(), to.run())
                  : to);
      inParts(entering, part -> moved.putAll(players.joinLobbies(tx, part)));
      entering.keySet().stream().filter(this::isToldToParty).forEach(this::tellParty);
    }
    // After those who enter: a lobby may end in the batch in which somebody has entered it.
    if (!emptied.isEmpty()) {
      players.removeAllMembers(tx, emptied);
    }
    var lost = new HashMap<>(movers);
    lost.keySet().removeAll(moved.keySet());
    if (!lost.isEmpty()) {
      throw new Batcher.LostRace(Set.copyOf(lost.values()));
    }
  }

  /** Of a party that enters together nobody is told in its stream. */
  private boolean isToldToParty(PlayerId player) {
    Player entered = moved.get(player);
    return entered != null && entered.partyId() != null && !together.contains(player);
  }

  private void tellParty(PlayerId player) {
    Player entered = moved(player);
    players.appendChange(
        tx, entered, Topic.party(new PartyId(Objects.requireNonNull(entered.partyId()))));
  }

  private static <T> void inParts(Map<PlayerId, T> moves, Consumer<Map<PlayerId, T>> work) {
    Placeholders.inParts(
        moves.keySet().stream().sorted(Players.BY_ID).toList(),
        part -> {
          var some = new LinkedHashMap<PlayerId, T>();
          part.forEach(player -> some.put(player, Objects.requireNonNull(moves.get(player))));
          work.accept(some);
        });
  }

  /** Lobbies with teams get another code if theirs was taken. */
  private void insert() {
    var left = new ArrayList<>(created);
    for (int tries = 0; tries < LobbyCodes.TRIES_MAX && !left.isEmpty(); tries++) {
      var hosted = new ArrayList<Stored>();
      for (LobbyId id : left) {
        Stored one = Objects.requireNonNull(lobbies.get(id));
        if (one.lobby().hostless()) {
          noteInserted(one, store.insert(tx, List.of(one)));
        } else {
          hosted.add(one);
        }
      }
      if (!hosted.isEmpty()) {
        Map<Optional<PlayerId>, LobbyId> ids = store.insert(tx, hosted);
        hosted.forEach(one -> noteInserted(one, ids));
      }
      left.removeAll(inserted.keySet());
      left.forEach(this::changeCode);
    }
    if (!left.isEmpty()) {
      var hosts = left.stream().map(id -> Objects.requireNonNull(lobbies.get(id)).lobby().host());
      throw new Batcher.LostRace(hosts.map(movers::get).collect(Collectors.toSet()));
    }
  }

  private void noteInserted(Stored one, Map<Optional<PlayerId>, LobbyId> ids) {
    Lobby lobby = one.lobby();
    LobbyId id = ids.get(Optional.ofNullable(lobby.host()));
    if (id != null) {
      inserted.put(lobby.id(), lobby.stored(id, lobby.title(), lobby.code()));
    }
  }

  private void changeCode(LobbyId id) {
    Stored one = Objects.requireNonNull(lobbies.get(id));
    lobbies.put(id, one.with(one.lobby().stored(id, one.lobby().title(), codes.any())));
  }

  /** Saves the lobbies that changed. */
  void save() {
    List<Stored> saved =
        changed.stream()
            .filter(id -> !inserted.containsKey(id))
            .map(id -> Objects.requireNonNull(lobbies.get(id)))
            .toList();
    if (saved.isEmpty()) {
      return;
    }
    store.save(tx, saved.stream().map(Stored::lobby).toList(), closed);
    for (Stored one : saved) {
      if (withNewSettings.contains(one.lobby().id())) {
        store.saveSettings(tx, one);
      }
      if (withNewCode.contains(one.lobby().id())) {
        store.saveCode(tx, one.lobby());
      }
    }
  }

  // What was written.

  /** A lobby as a task left it, with its id and code in the database. */
  Lobby stored(Lobby lobby) {
    Lobby known = inserted.get(lobby.id());
    return known == null ? lobby : lobby.stored(known.id(), known.title(), known.code());
  }

  /** A player who has joined or left in this batch, afterwards. */
  Player moved(PlayerId player) {
    return Objects.requireNonNull(moved.get(player));
  }
}
