package dev.rookery.lobby;

import dev.rookery.auth.PasswordHasher;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.lobby.LobbyCommand.JoinResult;
import dev.rookery.lobby.LobbyCommand.JoinTeam;
import dev.rookery.lobby.LobbyCommand.JoinWithParty;
import dev.rookery.lobby.LobbyCommand.QuickJoin;
import dev.rookery.lobby.LobbyCommand.QuickJoinPlan;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyTask.QuickJoinCriteria;
import dev.rookery.lobby.LobbyTask.Result;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.AppendResult;
import dev.rookery.store.Batcher;
import dev.rookery.store.IdempotentCommand;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Players join lobbies.
 *
 * <p>A password is checked when nothing else is in the way, and outside the transaction, since that
 * takes long: the task ends with the hash to check, and is tried again with the hash that the
 * password was found to match. If the lobby has another password by then, that one is checked.
 */
final class JoinLobby {
  private static final int PASSWORD_CHANGES_MAX = 5;

  private final Batcher<LobbyTask, Result> batcher;
  private final CreateLobby createLobby;
  private final PasswordHasher passwords;
  private final LobbyRules rules;
  private final CodeThrottle throttle;
  private final int passwordMax;

  /**
   * @param passwordMax characters that the password of a lobby may have
   */
  JoinLobby(
      Batcher<LobbyTask, Result> batcher,
      CreateLobby createLobby,
      PasswordHasher passwords,
      LobbyRules rules,
      CodeThrottle throttle,
      int passwordMax) {
    this.batcher = batcher;
    this.createLobby = createLobby;
    this.passwords = passwords;
    this.rules = rules;
    this.throttle = throttle;
    this.passwordMax = passwordMax;
  }

  JoinResult join(Join join) {
    var command = IdempotentCommand.of(join.player(), join.idempotencyKey(), "lobby.join");
    return enter(
        join.player(),
        join.clientAddress(),
        join.code(),
        join.password(),
        checked ->
            new Into(
                join.player(),
                join.lobby(),
                null,
                PartyRole.LEADER_OR_NONE,
                join.code(),
                join.password(),
                checked,
                command));
  }

  Lobby joinWithParty(JoinWithParty join) {
    var command = IdempotentCommand.of(join.leader(), join.idempotencyKey(), "party.join_lobby");
    return enter(
            join.leader(),
            join.clientAddress(),
            join.code(),
            join.password(),
            checked ->
                new Into(
                    join.leader(),
                    join.lobby(),
                    null,
                    PartyRole.LEADER,
                    join.code(),
                    join.password(),
                    checked,
                    command))
        .lobby();
  }

  JoinResult joinTeam(JoinTeam join) {
    var request = new TeamRequest(join.team());
    return enter(
        join.player(),
        join.clientAddress(),
        join.code(),
        join.password(),
        checked ->
            new Into(
                join.player(),
                join.lobby(),
                request,
                PartyRole.LEADER_OR_NONE,
                join.code(),
                join.password(),
                checked,
                null));
  }

  Lobby quickJoin(QuickJoin join) {
    QuickJoinPlan plan = join.plan();
    if (plan instanceof QuickJoinPlan.Into(var lobby)) {
      return quickJoin(join, lobby);
    }
    var settings =
        plan instanceof QuickJoinPlan.Opening(var decided)
            ? decided
            : new Settings(join.title(), join.seatsMax(), null, null, null, join.metadata(), null);
    FieldErrors errors = rules.errorsOpening(settings);
    var command =
        errors.isEmpty()
            ? IdempotentCommand.of(join.player(), join.idempotencyKey(), "lobby.quick_join")
            : null;
    return batcher
        .ask(
            new Anywhere(
                join.player(),
                new QuickJoinCriteria(settings.seatsMax(), join.metadata()),
                plan != null,
                createLobby.draft(settings),
                errors,
                command))
        .requireLobby();
  }

  private Lobby quickJoin(QuickJoin join, LobbyId lobby) {
    var command = IdempotentCommand.of(join.player(), join.idempotencyKey(), "lobby.quick_join");
    try {
      JoinResult joined =
          join(
              null,
              checked ->
                  new Into(
                      join.player(),
                      lobby,
                      null,
                      PartyRole.LEADER_OR_ALONE,
                      null,
                      null,
                      checked,
                      command));
      if (joined.alreadyIn()) {
        throw Refused.conflict("already_in_lobby");
      }
      return joined.lobby();
    } catch (Refused refused) {
      // Closed meanwhile, which is no news to a player who did not name it.
      boolean gone = refused.refusal().equals(new Refusal.Missing("not_found"));
      throw gone ? Refused.conflict("full") : refused;
    }
  }

  private JoinResult enter(
      PlayerId player,
      @Nullable String clientAddress,
      @Nullable Integer code,
      @Nullable String password,
      Function<@Nullable String, LobbyTask> taskWithCheckedHash) {
    if (code == null && (password == null || password.isEmpty())) {
      return join(password, taskWithCheckedHash);
    }
    return throttle.enter(
        player,
        clientAddress,
        () -> join(password, taskWithCheckedHash),
        joined -> !joined.alreadyIn());
  }

  private JoinResult join(
      @Nullable String password, Function<@Nullable String, LobbyTask> taskWithCheckedHash) {
    String checked = null;
    for (int tries = 0; tries <= PASSWORD_CHANGES_MAX; tries++) {
      Result result = batcher.ask(taskWithCheckedHash.apply(checked));
      String hash = result.hashToCheck();
      if (hash == null) {
        AppendResult joined = result.joinedAt();
        return new JoinResult(
            result.requireLobby(), result.alreadyIn(), joined == null ? null : joined.position());
      }
      if (!matches(password, hash)) {
        throw Refused.denied("invalid_password");
      }
      checked = hash;
    }
    throw new Refused(LobbyBatch.RETRY.refusal());
  }

  private boolean matches(@Nullable String password, String hash) {
    return password != null
        && password.length() <= 2 * passwordMax
        && passwords.matches(password, hash);
  }

  private static Supplier<Result> joined(
      LobbyTask task,
      LobbyBatch batch,
      PlayerSummary player,
      Lobby before,
      @Nullable TeamRequest request) {
    Lobby after = before.joinedBy(player, request == null ? null : request.team());
    batch.writes().enter(task, player, after, request != null);
    return () -> {
      Lobby lobby = batch.writes().stored(after);
      var event = new LobbyEvent.Joined(lobby, batch.writes().moved(player.id()));
      return new Result(lobby, false, batch.append(lobby, event), null, null);
    };
  }

  private static Supplier<Result> joinedTogether(
      LobbyTask task,
      LobbyBatch batch,
      EnteringParty party,
      Lobby before,
      @Nullable TeamRequest request) {
    PlayerId leader = party.party().leader();
    Lobby after =
        batch
            .writes()
            .enterTogether(
                task,
                party,
                before,
                request == null ? null : leader,
                null,
                request == null ? null : request.team());
    return () -> {
      Lobby lobby = batch.writes().stored(after);
      return new Result(lobby, false, tellJoined(batch, lobby, party, leader), null, null);
    };
  }

  /** Appends that each member of a party joined; returns where the given one is told. */
  static @Nullable AppendResult tellJoined(
      LobbyBatch batch, Lobby lobby, EnteringParty party, PlayerId player) {
    AppendResult at = null;
    for (Player member : party.members()) {
      AppendResult appended =
          batch.append(lobby, new LobbyEvent.PartyJoined(lobby, batch.writes().moved(member.id())));
      at = member.id().equals(player) ? appended : at;
    }
    return at;
  }

  /**
   * What a wire with teams asks for.
   *
   * @param team the smaller one if null
   */
  record TeamRequest(Roster.@Nullable Team team) {}

  /**
   * Into a certain lobby.
   *
   * @param request null to join by a wire without teams; otherwise a lobby without teams gets some
   * @param code opens a hidden lobby
   * @param checked the hash that the password was found to match, null if none was checked
   */
  record Into(
      PlayerId player,
      LobbyId lobby,
      @Nullable TeamRequest request,
      PartyRole role,
      @Nullable Integer code,
      @Nullable String password,
      @Nullable String checked,
      @Nullable IdempotentCommand idempotent)
      implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.partyOf(player);
      needs.lobby(lobby);
    }

    @Override
    public @Nullable LobbyId membersOf(LobbyReadSet read) {
      return request == null ? null : TeamCommands.withoutTeams(read, lobby);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      EnteringParty party = request == null ? batch.partyOf(player, role) : null;
      Lobby found = batch.lobby(lobby).orElseThrow(() -> Refused.missing("not_found"));
      if (request != null) {
        LobbyRules.mayFind(found, code);
      }
      PlayerSummary joining = batch.player(player);
      if (party == null && LobbyRules.isIn(found, joining)) {
        return () -> new Result(found, true, null, null, null);
      }
      if (request == null && batch.isEnteredByCode(found)) {
        LobbyRules.mustKnowCode(found, code, password);
      }
      if (request != null) {
        party = batch.partyOf(player, role);
      }
      if (party == null) {
        LobbyRules.mayJoin(found, joining);
      } else {
        LobbyRules.mayJoin(found, party, batch.now());
      }
      String hash = batch.passwordHash(found);
      if (!LobbyRules.isOpenedBy(hash, password, checked)) {
        return () -> new Result(null, false, null, null, hash);
      }
      Lobby entered = request == null ? found : batch.withTeams(found);
      if (party == null) {
        return joined(this, batch, joining, entered, request);
      }
      party.mustFitInto(found);
      return joinedTogether(this, batch, party, entered, request);
    }

    @Override
    public @Nullable Object answer(Result result) {
      return result.alreadyIn() ? null : result.lobby();
    }

    @Override
    public String toString() {
      return "Into[lobby=" + lobby + ", player=" + player + "]";
    }
  }

  /**
   * Into the oldest lobby that is accepted, or into a new one.
   *
   * @param opens whether into a new one in any case
   */
  record Anywhere(
      PlayerId player,
      QuickJoinCriteria criteria,
      boolean opens,
      Lobby draft,
      FieldErrors errors,
      @Nullable IdempotentCommand idempotent)
      implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.partyOf(player);
      if (errors.isEmpty() && !opens) {
        needs.joinable(player, criteria);
      }
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      PlayerSummary joining = batch.player(player);
      EnteringParty party = batch.partyOf(player, PartyRole.LEADER_OR_ALONE);
      if (party != null) {
        return decide(batch, joining, party);
      }
      LobbyRules.mustBeInNone(joining);
      errors.refuse();
      Optional<Lobby> found = joinable(batch, criteria);
      return found.isPresent()
          ? joined(this, batch, joining, found.get(), null)
          : CreateLobby.create(this, batch, draft, null, joining);
    }

    private Optional<Lobby> joinable(LobbyBatch batch, QuickJoinCriteria wanted) {
      return opens ? Optional.empty() : batch.joinable(wanted);
    }

    private Supplier<Result> decide(LobbyBatch batch, PlayerSummary leader, EnteringParty party) {
      party.mustBeInNoLobby();
      party.mustBeActive(batch.now());
      errors.refuse();
      int seats =
          criteria.seats() == null ? Math.max(party.size(), draft.seatsMax()) : criteria.seats();
      party.mustFitInto(seats);
      Optional<Lobby> found = joinable(batch, criteria.of(party.size()));
      return found.isPresent()
          ? joinedTogether(this, batch, party, found.get(), null)
          : CreateLobby.createTogether(
              this, batch, draft.withSeats(seats).hostedBy(leader), null, party, false);
    }
  }
}
