package dev.rookery.account;

import dev.rookery.achievement.AchievementCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.cache.SharedCounters;
import dev.rookery.chat.ChatCommand;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.friend.FriendCommand;
import dev.rookery.group.GroupCommand;
import dev.rookery.leaderboard.LeaderboardCommand;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.match.MatchCommand;
import dev.rookery.matchmaking.MatchmakingCommand;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.party.PartyCommand;
import dev.rookery.player.PlayerCommand;
import dev.rookery.storage.StorageCommand;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@link AccountCommand} on virtual threads.
 *
 * <p>A deletion runs one step per domain, each in a transaction of that domain. Every step is
 * idempotent: after a crash between two of them the player can sign in and delete the account
 * again. Once the row of the player is gone, remaining rows refer to no player.
 */
public final class AccountVerticle extends VerticleBase {
  private static final int TRIES_MAX = 10;

  private final Bus bus;
  private final DataExporter exporter;
  private final PlayerTimeline timeline;

  /**
   * @param limits where exports are counted; null for no limit
   */
  public AccountVerticle(Bus bus, InstantSource clock, @Nullable SharedCounters limits) {
    this.bus = bus;
    this.exporter = new DataExporter(bus, clock, limits);
    this.timeline = new PlayerTimeline(bus);
  }

  @Override
  public Future<?> start() {
    return bus.<AccountCommand<?>>serve(AccountCommand.ADDRESS, this::handle);
  }

  private Object handle(AccountCommand<?> command) {
    return switch (command) {
      case AccountCommand.Ban(var player, var by, var reason, var until) -> {
        ask(new AuthCommand.Ban(player, by, reason, until));
        ask(new PartyCommand.Leave(player, null));
        yield ask(new LobbyCommand.Leave(player));
      }
      case AccountCommand.ExportData export -> exporter.nextChunk(export);
      case AccountCommand.ReadTimeline asked -> timeline.read(asked);
      case AccountCommand.Delete(var player) -> delete(player);
    };
  }

  private Done delete(PlayerId player) {
    ask(new ConsoleCommand.BeginRemoval(player));
    // Early, so that little can be done in the player's name from now on, and so that a crash
    // after the next step leaves no data behind that no later command would delete.
    forget(player);
    remove(player);
    // Again, because a concurrent sign-in or message may have added rows before the player was
    // deleted; none can be added now.
    forget(player);
    return Done.DONE;
  }

  private void forget(PlayerId player) {
    ask(new AuthCommand.Forget(player));
    ask(new MatchmakingCommand.Forget(player));
    ask(new MatchCommand.Forget(player));
    ask(new LeaderboardCommand.Forget(player));
    ask(new FriendCommand.Forget(player));
    ask(new GroupCommand.Forget(player));
    ask(new AchievementCommand.Forget(player));
    ask(new StorageCommand.Forget(player));
    // Before the mutes of the player, which say what the notifications of others count.
    ask(new ChatCommand.Forget(player));
    ask(new NotificationCommand.Forget(player));
  }

  /**
   * Deletes the player once they are in no lobby and no party. A concurrent command may let them
   * join another one, so leaving is retried.
   */
  private void remove(PlayerId player) {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      ask(new PartyCommand.Leave(player, null));
      ask(new LobbyCommand.Leave(player));
      try {
        ask(new PlayerCommand.Remove(player));
        return;
      } catch (Refused refused) {
        switch (refused.refusal()) {
          case Refusal.Missing _ -> {
            return;
          }
          case Refusal.Conflict _ -> {}
          case Refusal.Denied _, Refusal.Invalid _, Refusal.Limited _, Refusal.Unavailable _ ->
              throw refused;
        }
      }
    }
    throw Refused.conflict("in_lobby");
  }

  private <R> R ask(Command<R> command) {
    return bus.send(command).await();
  }
}
