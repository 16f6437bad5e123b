package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lobby.LobbyStore.Stored;
import dev.rookery.lobby.LobbyTask.Needs;
import dev.rookery.lobby.LobbyTask.QuickJoinCriteria;
import dev.rookery.lobby.LobbyTask.Result;
import dev.rookery.player.LobbyMembership;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.AppendResult;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.StatementException;
import dev.rookery.store.Transaction;
import io.vertx.core.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One transaction for the lobby commands that waited at the same time.
 *
 * <ol>
 *   <li>Read, one statement for each kind: the answers to repeated commands, and what the others
 *       need, as a {@link LobbyReadSet}.
 *   <li>Decide, in memory: each {@link LobbyTask} in the order of arrival checks the rules against
 *       the state that the tasks before it have left, and changes that state or is refused.
 *   <li>Write, one statement for each kind: new lobbies, players who leave, players who join; then,
 *       after the tasks have appended their events, the lobbies that changed and the answers to
 *       idempotent commands.
 * </ol>
 *
 * <p>A lobby whose row another transaction has locked is left out at first. Its commands are
 * retried in a batch that waits for the row, so that no other command waits with them. Rows of
 * players are not locked before they are written: if a player turns out to have moved meanwhile,
 * everything is undone and carried out again without that player's command, which is retried.
 *
 * <p>A leader brings the whole party, or nobody moves; see {@link EnteringParty}.
 *
 * <p>A player moves at most once in a batch: a command about a player whom another command has
 * moved (kicked, say) is retried in the next one.
 */
final class LobbyBatch {
  /** Thrown by a task that has to be retried in the next batch. */
  static final Refused RETRY = new Refused(new Refusal.Unavailable("lobby_busy"));

  private static final int CODE_TRIES_MAX = 20;
  private static final int CODE_MIN = 100_000;
  private static final int CODES = 900_000;

  private final Transaction tx;
  private final LobbyStore store;
  private final Players players;
  private final LobbyDependencies dependencies;
  private final boolean retry;

  private final LobbyReadSet read;

  // As the tasks before have left them. Lobbies that are created have negative ids until they are
  // inserted.
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
  private final Map<LobbyId, Lobby> teamsChanged = new LinkedHashMap<>();

  private LobbyBatch(
      Transaction tx,
      LobbyStore store,
      Players players,
      LobbyDependencies dependencies,
      boolean retry) {
    this.tx = tx;
    this.store = store;
    this.players = players;
    this.dependencies = dependencies;
    this.retry = retry;
    this.read = new LobbyReadSet(tx, store, players, retry);
  }

  /**
   * The batcher of all commands that change lobbies.
   *
   * @param context of the verticle on virtual threads that serves them
   */
  static Batcher<LobbyTask, Result> batcher(
      Context context,
      Database database,
      LobbyStore store,
      Players players,
      LobbyDependencies dependencies) {
    return new Batcher<>(
        context,
        database,
        "lobby",
        LobbyTask::player,
        RETRY.refusal(),
        (tasks, retry) -> carryOut(database, store, players, dependencies, tasks, retry));
  }

  /** Carried out again with other codes if another transaction took one at the same moment. */
  static List<Outcome<Result>> carryOut(
      Database database,
      LobbyStore store,
      Players players,
      LobbyDependencies dependencies,
      List<LobbyTask> tasks,
      boolean retry) {
    for (int tries = 1; ; tries++) {
      try {
        return database.write(
            tx -> new LobbyBatch(tx, store, players, dependencies, retry).carryOut(tasks));
      } catch (StatementException failed) {
        if (!failed.isDuplicate() || tries == CODE_TRIES_MAX) {
          throw failed;
        }
      }
    }
  }

  private List<Outcome<Result>> carryOut(List<LobbyTask> tasks) {
    var outcomes = new BatchOutcomes<LobbyTask, Result>(tasks, LobbyTask::idempotent, RETRY);
    outcomes.answerRepeated(tx, (answers, task) -> task.repeated(answers));
    List<LobbyTask> fresh = outcomes.open();
    read.fill(fresh);
    lobbies.putAll(read.lobbies());
    var decisions = new IdentityHashMap<LobbyTask, Supplier<Result>>();
    outcomes.attempt(fresh, task -> decisions.put(task, task.decide(this)));
    List<LobbyTask> decided = outcomes.open();
    move();
    decided.forEach(task -> outcomes.done(task, Objects.requireNonNull(decisions.get(task)).get()));
    List.copyOf(teamsChanged.keySet()).forEach(this::tellTeamsChanged);
    save();
    outcomes.remember(tx, decided, LobbyTask::answer);
    return outcomes.all(tx);
  }

  // What tasks decide by.

  /** {@code Missing("player_not_found")}. */
  PlayerSummary player(PlayerId id) {
    return findPlayer(id).orElseThrow(() -> Refused.missing("player_not_found"));
  }

  /** Empty if there is no such player. */
  Optional<PlayerSummary> findPlayer(PlayerId id) {
    Optional<PlayerSummary> found = read.player(id);
    if (movers.containsKey(id)
        || found.map(PlayerSummary::lobby).filter(closed::contains).isPresent()) {
      throw RETRY;
    }
    return found;
  }

  /** Empty if it is not open, which is only known for certain in a batch that waits for rows. */
  Optional<Lobby> lobby(LobbyId id) {
    Stored found = lobbies.get(id);
    if (found == null && !read.isComplete()) {
      throw RETRY;
    }
    return found == null || closed.contains(id) ? Optional.empty() : Optional.of(found.lobby());
  }

  /** The lobby that the player is in. */
  Optional<Lobby> lobbyOf(PlayerSummary player) {
    return player.lobby() == null
        ? Optional.empty()
        : Optional.of(lobby(player.lobby()).orElseThrow(() -> RETRY));
  }

  /**
   * The party that enters a lobby with the player; null if the player enters alone. Refuses as the
   * role says.
   */
  @Nullable EnteringParty partyOf(PlayerId player, PartyRole role) {
    PartyId id = findPlayer(player).map(PlayerSummary::party).orElse(null);
    if (id == null) {
      if (role == PartyRole.LEADER) {
        throw Refused.conflict("not_in_party");
      }
      return null;
    }
    EnteringParty party = read.party(id).orElseThrow(() -> RETRY);
    if (party.members().stream().noneMatch(member -> member.id().equals(player))) {
      throw RETRY;
    }
    if (!party.isLedBy(player)) {
      throw Refused.denied(role.refusal());
    }
    party.members().forEach(member -> findPlayer(member.id()));
    return party;
  }

  Instant now() {
    return tx.now();
  }

  @Nullable String passwordHash(Lobby lobby) {
    return Objects.requireNonNull(lobbies.get(lobby.id())).passwordHash();
  }

  /** Whether the lobby is entered by its code alone, on every wire. */
  boolean isEnteredByCode(Lobby lobby) {
    return lobby.hidden() && Objects.requireNonNull(lobbies.get(lobby.id())).byCode();
  }

  /** As the tasks before have left the lobby, oldest account first. */
  List<PlayerSummary> members(Lobby lobby) {
    LobbyId id = lobby.id();
    return Stream.concat(
            read.members(id).stream().filter(member -> !id.equals(leaving.get(member.id()))),
            entering.entrySet().stream()
                .filter(one -> one.getValue().lobby().equals(id))
                .flatMap(one -> read.player(one.getKey()).stream()))
        .sorted(Comparator.comparing(PlayerSummary::id, Players.BY_ID))
        .toList();
  }

  /** As {@link #members}, with all that is shown of them; known when the players have moved. */
  Supplier<List<Player>> shownMembers(Lobby lobby) {
    LobbyId id = lobby.id();
    List<Player> staying =
        players.findInLobby(tx, id).stream()
            .filter(member -> !id.equals(leaving.get(member.id())))
            .toList();
    List<PlayerId> joining =
        entering.keySet().stream()
            .filter(player -> Objects.requireNonNull(entering.get(player)).lobby().equals(id))
            .toList();
    return () ->
        Stream.concat(staying.stream(), joining.stream().map(this::moved))
            .sorted(Comparator.comparing(Player::id, Players.BY_ID))
            .toList();
  }

  /** The oldest lobby that a quick join may end in; those that were just created come last. */
  Optional<Lobby> joinable(QuickJoinCriteria criteria) {
    Optional<Lobby> found =
        Stream.concat(read.candidates().stream(), created.stream())
            .map(lobbies::get)
            .flatMap(Stream::ofNullable)
            .map(Stored::lobby)
            .filter(lobby -> !closed.contains(lobby.id()) && criteria.accepts(lobby))
            .findFirst();
    if (found.isEmpty() && !read.hasAllCandidates()) {
      throw RETRY;
    }
    return found;
  }

  /** The lobby with teams, given now if it had none. */
  Lobby withTeams(Lobby lobby) {
    return lobby.roster() != null
        ? lobby
        : lobby.givenTeams(RosterRules.of(members(lobby)), freeCode());
  }

  /** Whether nothing may be taken for granted; see {@link Needs#isRetry}. */
  boolean isRetry() {
    return retry;
  }

  /** A code that no lobby has at this moment, as far as is known. */
  int freeCode() {
    for (int tries = 0; tries < CODE_TRIES_MAX; tries++) {
      int code = anyCode();
      if (!store.isCodeTaken(tx, code)) {
        return code;
      }
    }
    throw new Refused(new Refusal.Unavailable("no_free_code"));
  }

  int anyCode() {
    return CODE_MIN + dependencies.random().nextInt(CODES);
  }

  // How tasks change the state.

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
   * @param bySocket see {@link #enter}
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

  private void move() {
    insert();
    if (!leaving.isEmpty()) {
      inParts(leaving, part -> moved.putAll(players.leaveLobbies(tx, part)));
    }
    if (!emptied.isEmpty()) {
      players.removeAllMembers(tx, emptied);
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
    for (int tries = 0; tries < CODE_TRIES_MAX && !left.isEmpty(); tries++) {
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
    lobbies.put(id, one.with(one.lobby().stored(id, one.lobby().title(), anyCode())));
  }

  private void save() {
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

  // How tasks finish.

  Transaction tx() {
    return tx;
  }

  /** A lobby as a task left it, with its id and code in the database. */
  Lobby stored(Lobby lobby) {
    Lobby known = inserted.get(lobby.id());
    return known == null ? lobby : lobby.stored(known.id(), known.title(), known.code());
  }

  /** A player who has joined or left in this batch, afterwards. */
  Player moved(PlayerId player) {
    return Objects.requireNonNull(moved.get(player));
  }

  AppendResult append(Lobby lobby, LobbyEvent event) {
    tellTeamsChanged(lobby.id());
    return tx.append(Topic.lobby(lobby.id()), event);
  }

  /** Appended once for several changes of a lobby's teams that follow each other. */
  void teamsChanged(Lobby lobby) {
    teamsChanged.put(lobby.id(), lobby);
  }

  private void tellTeamsChanged(LobbyId id) {
    Lobby lobby = teamsChanged.remove(id);
    if (lobby != null) {
      tx.append(Topic.lobby(id), new LobbyEvent.TeamsChanged(lobby));
    }
  }
}
