package dev.rookery.lobby;

import dev.rookery.auth.PasswordHasher;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.lobby.LobbyCommand.Change;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyTask.Result;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.Batcher;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Changes the settings of lobbies. A new password is hashed before, on threads of its own. */
final class UpdateLobby {
  private final Batcher<LobbyTask, Result> batcher;
  private final PasswordHasher passwords;
  private final LobbyRules rules;

  UpdateLobby(Batcher<LobbyTask, Result> batcher, PasswordHasher passwords, LobbyRules rules) {
    this.batcher = batcher;
    this.passwords = passwords;
    this.rules = rules;
  }

  Lobby change(Change change) {
    Settings settings = change.settings();
    FieldErrors errors = rules.errorsChanging(settings);
    String password = settings.password();
    String hash =
        password == null || password.isEmpty() || !errors.isEmpty()
            ? null
            : passwords.hash(password);
    return batcher.ask(new Task(change.by(), settings, errors, hash)).requireLobby();
  }

  record Task(PlayerId player, Settings settings, FieldErrors errors, @Nullable String newHash)
      implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.lobbyOf(player);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      PlayerSummary by = batch.player(player);
      Lobby lobby = batch.lobbyOf(by).orElseThrow(() -> Refused.conflict("not_in_lobby"));
      LobbyRules.mayDecide(lobby, by);
      LobbyRules.mayResize(lobby, settings);
      errors.refuse();
      Lobby after = lobby.with(settings).next();
      batch.putSettings(after, settings.password() == null ? batch.passwordHash(lobby) : newHash);
      var members = batch.shownMembers(after);
      return () -> {
        batch.append(after, new LobbyEvent.Changed(after, members.get()));
        return Result.of(after);
      };
    }

    @Override
    public String toString() {
      return "Task[player=" + player + "]";
    }
  }
}
