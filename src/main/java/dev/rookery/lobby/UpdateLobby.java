package dev.rookery.lobby;

import dev.rookery.auth.PasswordHasher;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import dev.rookery.bus.Done;
import dev.rookery.lobby.LobbyCommand.Change;
import dev.rookery.lobby.LobbyCommand.ChangeAny;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyTask.Result;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.Batcher;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes the settings of lobbies, for members and for admins, who also close lobbies. A new
 * password is hashed before, on threads of its own.
 */
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
    return change(change.by(), null, change.settings(), null);
  }

  /** For an admin. */
  Lobby change(ChangeAny change) {
    return change(null, change.lobby(), change.settings(), change.revision());
  }

  private Lobby change(
      @Nullable PlayerId by, @Nullable LobbyId lobby, Settings settings, @Nullable Long revision) {
    FieldErrors errors = rules.errorsChanging(settings);
    String password = settings.password();
    String hash =
        password == null || password.isEmpty() || !errors.isEmpty()
            ? null
            : passwords.hash(password);
    return batcher.ask(new Task(by, lobby, settings, errors, hash, revision)).requireLobby();
  }

  Done close(LobbyId lobby) {
    batcher.ask(new CloseTask(lobby));
    return Done.DONE;
  }

  /** An admin closes a lobby. */
  record CloseTask(LobbyId lobby) implements LobbyTask {
    @Override
    public @Nullable PlayerId player() {
      return null;
    }

    @Override
    public void read(Needs needs) {
      needs.lobby(lobby);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      Lobby found = batch.lobby(lobby).orElseThrow(() -> Refused.missing("not_found"));
      batch.writes().empty(found);
      Lobby emptied = found.emptied();
      return () -> {
        batch.append(emptied, new LobbyEvent.Closed(emptied, null));
        return Result.NONE;
      };
    }
  }

  /**
   * @param player a member who may decide; null for an admin
   * @param lobby of the admin's choice; null for the one that the player is in
   * @param revision that the admin has read; null to change it whatever was read
   */
  record Task(
      @Nullable PlayerId player,
      @Nullable LobbyId lobby,
      Settings settings,
      FieldErrors errors,
      @Nullable String newHash,
      @Nullable Long revision)
      implements LobbyTask {
    @Override
    public void read(Needs needs) {
      if (player != null) {
        needs.lobbyOf(player);
      }
      if (lobby != null) {
        needs.lobby(lobby);
      }
    }

    private Lobby find(LobbyBatch batch) {
      if (lobby != null) {
        return batch.lobby(lobby).orElseThrow(() -> Refused.missing("not_found"));
      }
      PlayerSummary by = batch.player(Objects.requireNonNull(player));
      Lobby own = batch.lobbyOf(by).orElseThrow(() -> Refused.conflict("not_in_lobby"));
      LobbyRules.mayDecide(own, by);
      return own;
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      Lobby before = find(batch);
      Revisions.mustBe(revision, before.revision());
      LobbyRules.mayResize(before, settings);
      errors.refuse();
      Lobby after = before.with(settings).next();
      batch
          .writes()
          .putSettings(after, settings.password() == null ? batch.passwordHash(before) : newHash);
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
