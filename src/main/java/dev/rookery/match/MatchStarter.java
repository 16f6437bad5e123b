package dev.rookery.match;

import dev.rookery.game.Game;
import dev.rookery.game.MatchSetup;
import dev.rookery.lease.Lease;
import dev.rookery.match.RoomRow.Start;
import java.util.function.Consumer;

/** Begins the matches of a room, and restores them from what was stored. */
final class MatchStarter {
  private final RoomDependencies with;
  private final String id;
  private final Lease lease;
  private final Consumer<ActionWriter.Action> append;

  /** A match that has not been stored yet. */
  record Begun(Start start, RoomMatch match) {}

  /**
   * @param append stores an action of a match
   */
  MatchStarter(
      RoomDependencies with, String id, Lease lease, Consumer<ActionWriter.Action> append) {
    this.with = with;
    this.id = id;
    this.lease = lease;
    this.append = append;
  }

  /**
   * Begins a match with the players of a lobby.
   *
   * @param room a match that goes on with a saved one has its records already
   */
  Begun begin(LobbyRules rules, RoomRow room) {
    Game game = with.games().require(room.gameKey(), room.gameVersion());
    var start =
        new Start(
            Phase.ACTIVE,
            room.seed(),
            with.clock().millis(),
            with.profiles().of(rules).encode(),
            null);
    MatchSetup setup = room.begun(start).setup(rules);
    MatchLog log =
        room.startSetup() == null
            ? MatchLog.started(game, setup)
            : MatchLog.restored(game, setup, with.stores().matches(), with.database(), id);
    var times = new RoomTimes(null);
    RoomMatch begun = match(rules, log, times);
    Long wake = begun.wakeAt();
    times.stored(wake);
    return new Begun(
        new Start(Phase.ACTIVE, room.seed(), setup.initialNow(), start.profiles(), wake), begun);
  }

  /** The match of a room as it was stored. */
  RoomMatch restore(Game game, RoomRow stored, LobbyRules rules) {
    MatchSetup setup = stored.setup(rules);
    return match(
        rules,
        MatchLog.restored(game, setup, with.stores().matches(), with.database(), id),
        new RoomTimes(stored.wake()));
  }

  private RoomMatch match(LobbyRules rules, MatchLog log, RoomTimes times) {
    return new RoomMatch(with, id, lease, rules, log, times, append);
  }
}
