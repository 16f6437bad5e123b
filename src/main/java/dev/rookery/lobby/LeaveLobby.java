package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.lobby.LobbyCommand.Kick;
import dev.rookery.lobby.LobbyCommand.Leave;
import dev.rookery.lobby.LobbyTask.Result;
import dev.rookery.notification.NotificationKind;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.Batcher;
import dev.rookery.store.IdempotentCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Players leave lobbies, by themselves or kicked. The last member's leaving closes a lobby that has
 * a host.
 */
final class LeaveLobby {
  private final Batcher<LobbyTask, Result> batcher;
  private final NotificationWriter notifications;

  LeaveLobby(Batcher<LobbyTask, Result> batcher, NotificationWriter notifications) {
    this.batcher = batcher;
    this.notifications = notifications;
  }

  Done leave(Leave leave) {
    var command = IdempotentCommand.of(leave.player(), leave.idempotencyKey(), "lobby.leave");
    batcher.ask(new LeaveTask(leave.player(), leave.lobby(), command));
    return Done.DONE;
  }

  Done kick(Kick kick) {
    batcher.ask(new KickTask(kick.by(), kick.target(), notifications));
    return Done.DONE;
  }

  /** With its next host if the host has left and others stay. */
  private static Lobby withHost(LobbyBatch batch, Lobby left) {
    if (!LobbyRules.needsHost(left)) {
      return left;
    }
    var members = batch.members(left);
    Optional<PlayerId> first = Optional.ofNullable(left.roster()).flatMap(RosterRules::successor);
    return members.stream()
        .filter(member -> first.isEmpty() || first.get().equals(member.id()))
        .findFirst()
        .map(left::headedBy)
        .orElse(left);
  }

  record LeaveTask(PlayerId player, @Nullable LobbyId lobby, @Nullable IdempotentCommand idempotent)
      implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.lobbyOf(player);
    }

    /** The next host is one of them. */
    @Override
    public @Nullable LobbyId membersOf(LobbyReadSet read) {
      return read.lobbyOf(player)
          .filter(lobby -> player.equals(lobby.host()) && lobby.members() > 1)
          .map(Lobby::id)
          .orElse(null);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      Optional<PlayerSummary> leaving = batch.findPlayer(player);
      Optional<Lobby> found = leaving.flatMap(batch::lobbyOf);
      if (lobby != null && found.filter(one -> one.id().equals(lobby)).isEmpty()) {
        throw Refused.conflict("target_not_in_lobby");
      }
      if (leaving.isEmpty() || found.isEmpty()) {
        return () -> Result.NONE;
      }
      Lobby left = found.get().leftBy(player);
      if (LobbyRules.isOver(left)) {
        batch.writes().leave(this, leaving.get(), left);
        batch.writes().close(left);
        return () -> {
          batch.append(left, new LobbyEvent.Closed(left, player));
          return Result.NONE;
        };
      }
      batch.writes().leave(this, leaving.get(), left);
      Lobby after = withHost(batch, left);
      batch.writes().put(after);
      return () -> {
        String name = batch.writes().moved(player).displayName();
        batch.append(after, new LobbyEvent.Left(after, player, name));
        PlayerId host = after.host();
        if (host != null && !host.equals(found.get().host())) {
          batch.append(after, new LobbyEvent.HostChanged(after, host, after.hostName()));
        }
        return Result.NONE;
      };
    }

    @Override
    public Object answer(Result result) {
      return Done.DONE;
    }

    @Override
    public Optional<Result> repeated(IdempotentCommand.Answers answers) {
      return answers.find(idempotent, Done.class).map(_ -> Result.NONE);
    }
  }

  record KickTask(PlayerId player, PlayerId target, NotificationWriter notifications)
      implements LobbyTask {
    @Override
    public void read(Needs needs) {
      needs.lobbyOf(player);
      needs.player(target);
    }

    @Override
    public Supplier<Result> decide(LobbyBatch batch) {
      PlayerSummary by = batch.player(player);
      Lobby lobby = batch.lobbyOf(by).orElseThrow(() -> Refused.conflict("not_in_lobby"));
      PlayerSummary kicked = batch.player(target);
      LobbyRules.mayKick(lobby, by, kicked);
      Lobby after = lobby.leftBy(target);
      batch.writes().leave(this, kicked, after);
      return () -> {
        String name = batch.writes().moved(target).displayName();
        batch.append(after, new LobbyEvent.Kicked(after, target, name));
        var told =
            Draft.of(
                NotificationKind.LOBBY_KICKED,
                player,
                target,
                "You have been removed from the lobby " + lobby.title(),
                Map.of("lobby_id", lobby.id().value(), "lobby_name", lobby.title()));
        notifications.putAll(batch.tx(), List.of(told));
        return Result.NONE;
      };
    }
  }
}
