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
import dev.rookery.player.Player;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.AppendResult;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.vertx.core.Context;
import java.time.Instant;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
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

  private final Transaction tx;
  private final Players players;
  private final boolean retry;

  private final LobbyReadSet read;
  private final LobbyWriteSet writes;
  private final LobbyCodes codes;
  private final Map<LobbyId, Lobby> teamsChanged = new LinkedHashMap<>();

  private LobbyBatch(
      Transaction tx,
      LobbyStore store,
      Players players,
      LobbyDependencies dependencies,
      boolean retry) {
    this.tx = tx;
    this.players = players;
    this.retry = retry;
    this.read = new LobbyReadSet(tx, store, players, retry);
    this.codes = new LobbyCodes(tx, store, dependencies);
    this.writes = new LobbyWriteSet(tx, store, players, dependencies, codes);
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
    return database.writeRetryingDuplicates(
        LobbyCodes.TRIES_MAX,
        tx -> new LobbyBatch(tx, store, players, dependencies, retry).carryOut(tasks));
  }

  private List<Outcome<Result>> carryOut(List<LobbyTask> tasks) {
    var outcomes = new BatchOutcomes<LobbyTask, Result>(tasks, LobbyTask::idempotent, RETRY);
    outcomes.answerRepeated(tx, (answers, task) -> task.repeated(answers));
    List<LobbyTask> fresh = outcomes.open();
    read.fill(fresh);
    writes.begin(read.lobbies());
    var decisions = new IdentityHashMap<LobbyTask, Supplier<Result>>();
    outcomes.attempt(fresh, task -> decisions.put(task, task.decide(this)));
    List<LobbyTask> decided = outcomes.open();
    writes.move();
    decided.forEach(task -> outcomes.done(task, Objects.requireNonNull(decisions.get(task)).get()));
    List.copyOf(teamsChanged.keySet()).forEach(this::tellTeamsChanged);
    writes.save();
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
    if (writes.isMoving(id)
        || found.map(PlayerSummary::lobby).filter(writes::isClosed).isPresent()) {
      throw RETRY;
    }
    return found;
  }

  /** Empty if it is not open, which is only known for certain in a batch that waits for rows. */
  Optional<Lobby> lobby(LobbyId id) {
    Stored found = writes.find(id);
    if (found == null && !read.isComplete()) {
      throw RETRY;
    }
    return found == null || writes.isClosed(id) ? Optional.empty() : Optional.of(found.lobby());
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
    return Objects.requireNonNull(writes.find(lobby.id())).passwordHash();
  }

  /** Whether the lobby is entered by its code alone, on every wire. */
  boolean isEnteredByCode(Lobby lobby) {
    return lobby.hidden() && Objects.requireNonNull(writes.find(lobby.id())).byCode();
  }

  /** As the tasks before have left the lobby, oldest account first. */
  List<PlayerSummary> members(Lobby lobby) {
    LobbyId id = lobby.id();
    return Stream.concat(
            read.members(id).stream().filter(member -> !writes.isLeaving(member.id(), id)),
            writes.entering(id).stream().flatMap(player -> read.player(player).stream()))
        .sorted(Comparator.comparing(PlayerSummary::id, Players.BY_ID))
        .toList();
  }

  /** As {@link #members}, with all that is shown of them; known when the players have moved. */
  Supplier<List<Player>> shownMembers(Lobby lobby) {
    LobbyId id = lobby.id();
    List<Player> staying =
        players.findInLobby(tx, id).stream()
            .filter(member -> !writes.isLeaving(member.id(), id))
            .toList();
    List<PlayerId> joining = writes.entering(id);
    return () ->
        Stream.concat(staying.stream(), joining.stream().map(writes::moved))
            .sorted(Comparator.comparing(Player::id, Players.BY_ID))
            .toList();
  }

  /** The oldest lobby that a quick join may end in; those that were just created come last. */
  Optional<Lobby> joinable(QuickJoinCriteria criteria) {
    Optional<Lobby> found =
        Stream.concat(read.candidates().stream(), writes.created().stream())
            .map(writes::find)
            .flatMap(Stream::ofNullable)
            .map(Stored::lobby)
            .filter(lobby -> !writes.isClosed(lobby.id()) && criteria.accepts(lobby))
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
        : lobby.givenTeams(RosterRules.of(members(lobby)), codes.free());
  }

  /** Whether nothing may be taken for granted; see {@link Needs#isRetry}. */
  boolean isRetry() {
    return retry;
  }

  /** The codes for lobbies with teams. */
  LobbyCodes codes() {
    return codes;
  }

  /** What tasks change. */
  LobbyWriteSet writes() {
    return writes;
  }

  // How tasks finish.

  Transaction tx() {
    return tx;
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
