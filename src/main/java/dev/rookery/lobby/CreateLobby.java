package dev.rookery.lobby;

import dev.rookery.auth.PasswordHasher;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.lobby.LobbyCommand.Open;
import dev.rookery.lobby.LobbyCommand.OpenHostless;
import dev.rookery.lobby.LobbyCommand.OpenTeams;
import dev.rookery.lobby.LobbyCommand.OpenWithParty;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyTask.Result;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.Batcher;
import dev.rookery.store.IdempotentCommand;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates lobbies. Passwords are hashed before, on threads of their own. */
final class CreateLobby {
  private static final int TITLE_NUMBERS = 1_000_000;

  private final Batcher<LobbyTask, Result> batcher;
  private final PasswordHasher passwords;
  private final LobbyRules rules;
  private final LobbyDependencies dependencies;

  CreateLobby(
      Batcher<LobbyTask, Result> batcher,
      PasswordHasher passwords,
      LobbyRules rules,
      LobbyDependencies dependencies) {
    this.batcher = batcher;
    this.passwords = passwords;
    this.rules = rules;
    this.dependencies = dependencies;
  }

  Lobby open(Open open) {
    return open(
        open.host(),
        open.settings(),
        PartyRole.LEADER_OR_NONE,
        open.idempotencyKey(),
        "lobby.open");
  }

  Lobby openWithParty(OpenWithParty open) {
    return open(
        open.leader(),
        open.settings(),
        PartyRole.LEADER,
        open.idempotencyKey(),
        "party.open_lobby");
  }

  private Lobby open(
      PlayerId host,
      Settings settings,
      PartyRole role,
      @Nullable String idempotencyKey,
      String operation) {
    FieldErrors errors = rules.errorsOpening(settings);
    boolean valid = errors.isEmpty();
    var command = valid ? IdempotentCommand.of(host, idempotencyKey, operation) : null;
    String hash = valid ? hash(settings) : null;
    return batcher
        .ask(new Hosted(host, draft(settings), hash, role, errors, command))
        .requireLobby();
  }

  Lobby openHostless(OpenHostless open) {
    rules.errorsOpening(open.settings()).refuse();
    var command = IdempotentCommand.of(open.admin(), open.idempotencyKey(), "lobby.open_hostless");
    return batcher
        .ask(new Hostless(draft(open.settings()), hash(open.settings()), command))
        .requireLobby();
  }

  Lobby openTeams(OpenTeams open) {
    return batcher
        .ask(
            new Teams(
                open.host(), open.hidden(), dependencies.limits().lobbySeatsMax(), defaultTitle()))
        .requireLobby();
  }

  /** A lobby with these settings that is not created yet. */
  Lobby draft(Settings settings) {
    return Lobby.create(defaultTitle()).with(settings);
  }

  /** Has nothing to do with the code of the lobby, which not everybody may know. */
  private String defaultTitle() {
    return "lobby-" + dependencies.random().nextInt(TITLE_NUMBERS);
  }

  private @Nullable String hash(Settings settings) {
    String password = settings.password();
    return password == null || password.isEmpty() ? null : passwords.hash(password);
  }

  /** Creates a lobby for a player who is in none. */
  static Supplier<Result> create(
      LobbyTask task,
      LobbyBatch batch,
      Lobby lobby,
      @Nullable String passwordHash,
      PlayerSummary host) {
    return opened(
        batch, batch.writes().create(task, lobby.hostedBy(host), passwordHash, host, false));
  }

  /** Creates a lobby for a party, whose leader is its host. */
  static Supplier<Result> createTogether(
      LobbyTask task,
      LobbyBatch batch,
      Lobby lobby,
      @Nullable String passwordHash,
      EnteringParty party,
      boolean bySocket) {
    PlayerId host = party.party().leader();
    Lobby created = batch.writes().create(task, lobby, passwordHash, batch.player(host), bySocket);
    Lobby after = batch.writes().enterTogether(task, party, created, null, host, null);
    return () -> {
      Result result = opened(batch, after).get();
      JoinLobby.tellJoined(batch, result.requireLobby(), party, host);
      return result;
    };
  }

  private static Supplier<Result> opened(LobbyBatch batch, Lobby created) {
    return () -> {
      Lobby lobby = batch.writes().stored(created);
      batch.append(lobby, new LobbyEvent.Opened(lobby));
      return Result.of(lobby);
    };
  }

  record Hosted(
      PlayerId player,
      Lobby draft,
      @Nullable String passwordHash,
      PartyRole role,
      FieldErrors errors,
      @Nullable IdempotentCommand idempotent)
      implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.partyOf(player);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      PlayerSummary host = batch.player(player);
      EnteringParty party = batch.partyOf(player, role);
      if (party != null) {
        party.mustBeInNoLobby();
        party.mustBeActive(batch.now());
        party.mustFitInto(draft.seatsMax());
        errors.refuse();
        return createTogether(this, batch, draft.hostedBy(host), passwordHash, party, false);
      }
      LobbyRules.mustBeInNone(host);
      errors.refuse();
      return create(this, batch, draft, passwordHash, host);
    }

    @Override
    public String toString() {
      return "Hosted[player=" + player + "]";
    }
  }

  record Hostless(
      Lobby draft, @Nullable String passwordHash, @Nullable IdempotentCommand idempotent)
      implements LobbyTask {
    @Override
    public @Nullable PlayerId player() {
      return null;
    }

    @Override
    public void read(Needs needs) {}

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      return opened(batch, batch.writes().create(this, draft, passwordHash, null, false));
    }

    @Override
    public String toString() {
      return "Hostless[title=" + draft.title() + "]";
    }
  }

  record Teams(PlayerId player, boolean hidden, int seatsMax, String title) implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.partyOf(player);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      PlayerSummary host = batch.player(player);
      EnteringParty party = batch.partyOf(player, PartyRole.LEADER_OR_NONE);
      if (party == null) {
        LobbyRules.mustBeInNone(host);
      } else {
        party.mustBeInNoLobby();
        party.mustBeActive(batch.now());
        party.mustFitInto(seatsMax);
      }
      // Nearly all codes are free; the insert finds out, and takes another.
      int code = batch.isRetry() ? batch.codes().free() : batch.codes().any();
      Lobby lobby =
          Lobby.create(title)
              .with(new Settings(null, seatsMax, hidden, null, null, null, null))
              .teamsOf(host, code);
      return party == null
          ? opened(batch, batch.writes().create(this, lobby, null, host, true))
          : createTogether(this, batch, lobby, null, party, true);
    }
  }
}
