package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.game.GameOverdueException;
import dev.rookery.game.script.ScriptException;
import org.jspecify.annotations.Nullable;

/**
 * What can be done in a room whose game cannot be run: users and sockets are removed, and it is
 * closed. Such a room must block neither the deletion of an account nor its own. Everything else is
 * refused, with the reason why the game cannot be run.
 */
final class UnplayableRoom {
  private final RoomDependencies with;
  private final String id;
  private final RoomWriter writer;

  UnplayableRoom(RoomDependencies with, String id, RoomWriter writer) {
    this.with = with;
    this.id = id;
    this.writer = writer;
  }

  /**
   * @param row of the room; null if there is none
   * @param revision of its match
   * @param broken why the game cannot be run
   */
  Object carryOut(
      MatchCommand.InRoom<?> command,
      @Nullable RoomRow row,
      long revision,
      RuntimeException broken) {
    if (command instanceof MatchCommand.Act && broken instanceof GameOverdueException) {
      // Not as an outage, after which clients send the action again.
      return RoomMatch.rejected(revision, GameOverdueException.CODE);
    }
    switch (command) {
      case MatchCommand.Disconnect(_, var socket, _) ->
          writer.write(tx -> with.stores().sockets().delete(tx, socket));
      case MatchCommand.RemoveDeadSockets _ ->
          with.stores()
              .sockets()
              .deadSockets(with.database(), id)
              .forEach(dead -> writer.write(tx -> with.stores().sockets().delete(tx, dead)));
      case MatchCommand.LeaveSeat(_, var user) when row != null && row.phase() == Phase.LOBBY ->
          writer.write(tx -> with.stores().seats().delete(tx, id, user));
      case MatchCommand.ForgetUser(_, var user) ->
          writer.write(tx -> with.stores().seats().forget(tx, id, user));
      case MatchCommand.CloseRoom(_, var user) when row != null && row.hostUser().equals(user) ->
          writer.write(
              new MatchEvent.Closed(id, "host_close"), tx -> with.stores().rooms().close(tx, id));
      default -> throw refusal(broken);
    }
    return Done.DONE;
  }

  private static RuntimeException refusal(RuntimeException broken) {
    return switch (broken) {
      case ScriptException script -> Games.notLoaded(script);
      case GameOverdueException _ -> overdue();
      default -> broken;
    };
  }

  /** For clients: the room goes on when the call has ended. */
  static Refused overdue() {
    return new Refused(new Refusal.Unavailable(GameOverdueException.CODE));
  }
}
