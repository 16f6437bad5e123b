package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.game.Game;
import dev.rookery.game.GameInfo;
import dev.rookery.game.GameOverdueException;
import dev.rookery.game.script.ScriptException;
import dev.rookery.lease.Lease;
import dev.rookery.match.MatchCommand.LobbyJoined;
import dev.rookery.match.MatchCommand.MatchJoined;
import dev.rookery.match.RoomRow.Start;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A room on the node that owns it. Its commands are carried out one at a time; the caller holds its
 * lock. What it keeps in memory is what has been committed: after a failure it is dropped and read
 * again.
 */
final class Room {
  private final RoomDependencies with;
  private final String id;
  private final Lease lease;
  private boolean loaded;
  private @Nullable RoomRow row;
  private @Nullable LobbyRules lobby;
  private @Nullable RoomMatch match;

  /** The call of the game that took too long; null for none, or if it has ended meanwhile. */
  private @Nullable GameOverdueException overdue;

  private final RoomWriter writer;
  private final RoomPresence presence;
  private final UnplayableRoom unplayable;
  private final MatchStarter starter;

  Room(RoomDependencies with, String id, Lease lease) {
    this.with = with;
    this.id = id;
    this.lease = lease;
    this.writer = new RoomWriter(with, id, lease, () -> loaded = false);
    this.presence = new RoomPresence(with, id, writer);
    this.unplayable = new UnplayableRoom(with, id, writer);
    this.starter = new MatchStarter(with, id, lease, writer::append);
  }

  Lease lease() {
    return lease;
  }

  /** Carries out a command that is not sent again. */
  Object carryOut(MatchCommand.InRoom<?> command) {
    return carryOut(command, null);
  }

  /**
   * Carries out a command; blocks the virtual thread.
   *
   * @param by the id of the command, the same when it is sent again; null if a repetition does no
   *     harm
   */
  Object carryOut(MatchCommand.InRoom<?> command, @Nullable String by) {
    writer.begin(by);
    requireValidLease();
    GameOverdueException call = runningCall();
    if (call != null) {
      return unplayable.carryOut(command, row, revision(), call);
    }
    RoomRow known = row;
    if (loaded && known != null && !with.games().isPresent(known.gameKey(), known.gameVersion())) {
      loaded = false;
    }
    try {
      load();
    } catch (DamagedLogException | ScriptException | GameOverdueException broken) {
      return unplayable.carryOut(command, row, revision(), broken);
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Missing
          || refused.refusal().code().equals(Games.NOT_LOADED)) {
        return unplayable.carryOut(command, row, revision(), refused);
      }
      throw refused;
    }
    boolean done = false;
    try {
      Object answer = writer.isRepeated() ? answerAgain(command) : carryOutLoaded(command);
      done = true;
      return answer;
    } catch (Refused refused) {
      // By a rule, before anything was changed, or by write(), which has seen to it.
      done = true;
      throw refused;
    } catch (GameOverdueException late) {
      overdue = late;
      return unplayable.carryOut(command, row, revision(), late);
    } finally {
      loaded &= done;
    }
  }

  /** A call of the game that still goes on, with the session of this room; null for none. */
  private @Nullable GameOverdueException runningCall() {
    GameOverdueException call = overdue;
    if (call != null && !call.isRunning()) {
      overdue = null;
      return null;
    }
    return call;
  }

  /** Whether its game is in a call that takes too long. Then no other node must try it, too. */
  boolean isOverdue() {
    return runningCall() != null;
  }

  private long revision() {
    RoomMatch present = match;
    RoomRow known = row;
    return present != null ? present.revision() : known != null ? known.revision() : 0;
  }

  /** What a command is answered that has been carried out; its answer was late or got lost. */
  private Object answerAgain(MatchCommand.InRoom<?> command) {
    return command instanceof MatchCommand.Reset ? match().view() : Done.DONE;
  }

  private Object carryOutLoaded(MatchCommand.InRoom<?> command) {
    return switch (command) {
      case MatchCommand.ConnectToLobby connect -> connect(connect);
      case MatchCommand.ConnectToMatch connect -> connect(connect);
      case MatchCommand.Disconnect(_, var socket, var leaving) -> disconnect(socket, leaving);
      case MatchCommand.RemoveDeadSockets _ -> removeDeadSockets();
      case MatchCommand.TakeSeat(_, var user, var name, var seat) ->
          change(lobby().takeSeat(user, name, seat));
      case MatchCommand.LeaveSeat(_, var user) -> change(lobby().leaveSeat(user));
      case MatchCommand.SetReady(_, var user, var ready) -> change(lobby().setReady(user, ready));
      case MatchCommand.ClearSeat(_, var user, var seat) -> change(lobby().clearSeat(user, seat));
      case MatchCommand.AssignBot(_, var user, var seat, var bot) ->
          change(lobby().assignBot(user, seat, bot));
      case MatchCommand.SetTargetCapacity(_, var user, var capacity) ->
          change(lobby().setTargetCapacity(user, capacity));
      case MatchCommand.SetConfig(_, var user, var key, var value) ->
          save(lobby().setConfig(user, key, value));
      case MatchCommand.CloseRoom(_, var user) -> close(lobby().close(user), "host_close");
      case MatchCommand.Start(_, var user) -> start(user);
      case MatchCommand.Act act -> match().act(act);
      case MatchCommand.Reset(_, var user) -> reset(user);
      case MatchCommand.ReturnToLobby(_, var user) -> returnToLobby(user);
      case MatchCommand.Wake _ -> Done.DONE;
      case MatchCommand.ForgetUser(_, var user) -> forget(user);
      case MatchCommand.View _ -> match().view();
    };
  }

  private void load() {
    if (!loaded) {
      try {
        with.meters().restored().record(this::read);
      } catch (GameOverdueException late) {
        overdue = late;
        throw late;
      }
      loaded = true;
    }
  }

  private void read() {
    presence.clear();
    writer.restore(RoomRequests.of(null));
    match = null;
    row = with.stores().rooms().find(with.database(), id).orElse(null);
    if (row == null) {
      lobby = null;
    } else {
      Game game = with.games().require(row.gameKey(), row.gameVersion());
      LobbyRules rules =
          LobbyRules.stored(game.info(), row, with.stores().seats().find(with.database(), id));
      lobby = rules;
      writer.restore(RoomRequests.of(row.requests()));
      match = row.initialNow() == null ? null : starter.restore(game, row, rules);
      presence.load();
    }
  }

  /** When {@link #advance} has something to do; null for never, or if it is not known. */
  @Nullable Long wakeAt() {
    RoomMatch present = loaded ? match : null;
    return present == null ? null : present.wakeAt();
  }

  /** Carries out one timeout or action of a bot that is due; false if there was none. */
  boolean advance() {
    writer.begin(null);
    requireValidLease();
    if (runningCall() != null) {
      throw UnplayableRoom.overdue();
    }
    boolean done = false;
    try {
      load();
      RoomMatch present = match;
      boolean advanced = present != null && present.advance();
      done = true;
      return advanced;
    } catch (GameOverdueException late) {
      overdue = late;
      throw UnplayableRoom.overdue();
    } finally {
      loaded &= done;
    }
  }

  private void requireValidLease() {
    if (!with.leases().isValid(lease)) {
      throw new Refused(new Refusal.Unavailable(RoomStore.NOT_OWNER));
    }
  }

  private LobbyRules lobby() {
    LobbyRules present = lobby;
    if (present == null) {
      throw Refused.missing("unknown_room");
    }
    return present;
  }

  private RoomMatch match() {
    lobby();
    RoomMatch present = match;
    if (present == null) {
      throw Refused.conflict("room_not_started");
    }
    return present;
  }

  private LobbyJoined connect(MatchCommand.ConnectToLobby command) {
    LobbyRules present = lobby;
    if (present != null && present.phase() != Phase.LOBBY) {
      throw Refused.conflict(
          present.phase() == Phase.ACTIVE ? "room_already_started" : "room_closed");
    }
    if (present != null) {
      return presence.enterLobby(command, present, null);
    }
    LobbyRules opened = LobbyRules.opened(with.games().standard().info(), command.user());
    RoomRow created = with.newRoom(id, opened);
    LobbyJoined joined = presence.enterLobby(command, opened, created);
    row = created;
    lobby = opened;
    return joined;
  }

  private MatchJoined connect(MatchCommand.ConnectToMatch command) {
    LobbyRules present = lobby;
    GameInfo game = present == null ? with.games().standard().info() : present.game();
    if (!game.playerIDs().contains(command.playerID())) {
      throw Refused.denied("player_not_in_deployment");
    }
    if (present == null || present.phase() != Phase.ACTIVE) {
      throw Refused.conflict("room_not_started");
    }
    RoomInfo info = present.info(id, Set.of());
    if (!info.playerOf(command.user()).filter(command.playerID()::equals).isPresent()) {
      throw Refused.denied("seat_mismatch");
    }
    var entered = presence.enterMatch(command);
    match().askBotsAgain();
    return new MatchJoined(match().view(), entered.players(), entered.position());
  }

  private Done disconnect(String socket, boolean leaving) {
    lobby = presence.disconnect(socket, leaving, lobby);
    return Done.DONE;
  }

  private Done removeDeadSockets() {
    lobby = presence.disconnectDead(lobby);
    return Done.DONE;
  }

  private Done change(LobbyRules next) {
    return next.equals(lobby) ? Done.DONE : save(next);
  }

  private Done save(LobbyRules next) {
    writer.saveLobby(
        new MatchEvent.LobbyChanged(next.info(id, presence.lobbyUsers())), lobby(), next, _ -> {});
    lobby = next;
    return Done.DONE;
  }

  private Done close(LobbyRules next, String reason) {
    if (!next.equals(lobby)) {
      writer.saveLobby(new MatchEvent.Closed(id, reason), lobby(), next, _ -> {});
      lobby = next;
    }
    return Done.DONE;
  }

  private Done start(String user) {
    LobbyRules before = lobby();
    LobbyRules next = before.start(user);
    RoomRow present = Objects.requireNonNull(row);
    var begun = starter.begin(next, present);
    writer.saveLobby(
        new MatchEvent.Started(next.info(id, presence.lobbyUsers())),
        before,
        next,
        tx -> with.stores().rooms().begin(tx, id, begun.start()));
    lobby = next;
    row = present.begun(begun.start());
    match = begun.match();
    return Done.DONE;
  }

  private MatchView reset(String user) {
    LobbyRules present = lobby();
    present.requireHostOfMatch(user);
    RoomRow fresh =
        Objects.requireNonNull(row)
            .restarted(new Start(Phase.ACTIVE, with.newSeed(), null, null, null));
    var begun = starter.begin(present, fresh);
    MatchView view = begun.match().view();
    writer.write(
        new MatchEvent.Restarted(view), tx -> with.stores().rooms().restart(tx, id, begun.start()));
    row = fresh.begun(begun.start());
    match = begun.match();
    return view;
  }

  private Done returnToLobby(String user) {
    LobbyRules present = lobby();
    present.requireHostOfMatch(user);
    LobbyRules next = present.reopened();
    var start = new Start(Phase.LOBBY, with.newSeed(), null, null, null);
    writer.saveLobby(
        new MatchEvent.ReturnedToLobby(next.info(id, Set.of())),
        present,
        next,
        tx -> with.stores().rooms().restart(tx, id, start));
    lobby = next;
    row = Objects.requireNonNull(row).restarted(start);
    match = null;
    return Done.DONE;
  }

  private Done forget(String user) {
    if (lobby == null) {
      // The room was deleted meanwhile.
      return Done.DONE;
    }
    LobbyRules before = lobby;
    LobbyRules next = before.forget(user);
    if (!next.equals(before)) {
      writer.write(tx -> with.stores().rooms().saveLobby(tx, id, before, next, null));
      lobby = next;
      if (match != null) {
        match.forget(user);
      }
    }
    return Done.DONE;
  }
}
