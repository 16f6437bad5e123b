package dev.rookery.lobby;

import dev.rookery.auth.PasswordHasher;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.lobby.LobbyCommand.Open;
import dev.rookery.lobby.LobbyCommand.OpenHostless;
import dev.rookery.lobby.LobbyCommand.OpenTeams;
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
    FieldErrors errors = rules.errorsOpening(open.settings());
    var command =
        errors.isEmpty()
            ? IdempotentCommand.of(open.host(), open.idempotencyKey(), "lobby.open")
            : null;
    String hash = errors.isEmpty() ? hash(open.settings()) : null;
    return batcher
        .ask(new Hosted(open.host(), draft(open.settings()), hash, errors, command))
        .requireLobby();
  }

  Lobby openHostless(OpenHostless open) {
    rules.errorsOpening(open.settings()).refuse();
    return batcher.ask(new Hostless(draft(open.settings()), hash(open.settings()))).requireLobby();
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
    return opened(batch, batch.create(task, lobby.hostedBy(host), passwordHash, host, false));
  }

  private static Supplier<Result> opened(LobbyBatch batch, Lobby created) {
    return () -> {
      Lobby lobby = batch.stored(created);
      batch.append(lobby, new LobbyEvent.Opened(lobby));
      return Result.of(lobby);
    };
  }

  record Hosted(
      PlayerId player,
      Lobby draft,
      @Nullable String passwordHash,
      FieldErrors errors,
      @Nullable IdempotentCommand idempotent)
      implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.player(player);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      PlayerSummary host = batch.player(player);
      LobbyRules.mustBeInNone(host);
      errors.refuse();
      return create(this, batch, draft, passwordHash, host);
    }

    @Override
    public String toString() {
      return "Hosted[player=" + player + "]";
    }
  }

  record Hostless(Lobby draft, @Nullable String passwordHash) implements LobbyTask {
    @Override
    public @Nullable PlayerId player() {
      return null;
    }

    @Override
    public void read(Needs needs) {}

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      return opened(batch, batch.create(this, draft, passwordHash, null, false));
    }

    @Override
    public String toString() {
      return "Hostless[title=" + draft.title() + "]";
    }
  }

  record Teams(PlayerId player, boolean hidden, int seatsMax, String title) implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.player(player);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      PlayerSummary host = batch.player(player);
      LobbyRules.mustBeInNone(host);
      // Nearly all codes are free; the insert finds out, and takes another.
      int code = batch.isRetry() ? batch.freeCode() : batch.anyCode();
      Lobby lobby =
          Lobby.create(title)
              .with(new Settings(null, seatsMax, hidden, null, null, null, null))
              .teamsOf(host, code);
      return opened(batch, batch.create(this, lobby, null, host, true));
    }
  }
}
