package dev.rookery.account;

import dev.rookery.auth.AuthCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.cache.SharedCounters;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.matchmaking.MatchmakingCommand;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.player.PlayerCommand;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Ends accounts and gives out what is kept of them, on virtual threads.
 *
 * <p>Each step is the affair of its domain and committed there. Every step may be repeated, so
 * after a crash between two of them the player signs in again and repeats his wish; once his row is
 * gone the wish has come true, and what is left refers to nobody.
 */
public final class AccountVerticle extends VerticleBase {
  private static final int TRIES_MAX = 10;

  private final Bus bus;
  private final DataExporter exporter;

  /**
   * @param limits null to let everybody ask for his data as often as he likes
   */
  public AccountVerticle(Bus bus, InstantSource clock, @Nullable SharedCounters limits) {
    this.bus = bus;
    this.exporter = new DataExporter(bus, clock, limits);
  }

  @Override
  public Future<?> start() {
    return bus.<AccountCommand<?>>serve(AccountCommand.ADDRESS, this::handle);
  }

  private Object handle(AccountCommand<?> command) {
    return switch (command) {
      case AccountCommand.Ban(var player, var by, var reason, var until) -> {
        ask(new AuthCommand.Ban(player, by, reason, until));
        yield ask(new LobbyCommand.Leave(player));
      }
      case AccountCommand.ExportData asked -> exporter.nextChunk(asked);
      case AccountCommand.Delete(var player) -> delete(player);
    };
  }

  private Done delete(PlayerId player) {
    // First of all, so that hardly anything can be done in his name from now on, and so that a
    // crash
    // after the next step leaves nothing that nobody would ever ask for again.
    forget(player);
    remove(player);
    // Whoever signed in or wrote to him a moment ago found a player; from now on nobody can.
    forget(player);
    return Done.DONE;
  }

  private void forget(PlayerId player) {
    ask(new AuthCommand.Forget(player));
    ask(new MatchmakingCommand.Forget(player));
    ask(new NotificationCommand.Forget(player));
  }

  /** A request that was under way may take him into another lobby: then out of that one, too. */
  private void remove(PlayerId player) {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
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
    return bus.ask(command).await();
  }
}
