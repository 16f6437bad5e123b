package dev.rookery.match;

import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.game.Game;
import dev.rookery.game.GameAction;
import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.match.MatchCommand.ActResult;
import dev.rookery.match.MatchCommand.LobbyJoined;
import dev.rookery.match.MatchCommand.MatchJoined;
import dev.rookery.match.MatchStore.RecordRow;
import dev.rookery.match.MatchStore.RoomRow;
import dev.rookery.match.MatchStore.SnapshotRow;
import dev.rookery.match.MatchStore.SocketRow;
import dev.rookery.store.AppendResult;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A room on the node that owns it. Its commands are carried out one at a time; the caller holds its
 * lock. What it keeps in memory is what has been committed: after a failed write it is dropped and
 * read again.
 */
final class Room {
  private static final Logger LOG = LoggerFactory.getLogger(Room.class);

  private final RoomDependencies with;
  private final String id;
  private final Lease lease;
  private boolean loaded;
  private @Nullable RoomRow row;
  private @Nullable LobbyRules lobby;
  private @Nullable MatchLog match;
  private final Map<String, SocketRow> sockets = new LinkedHashMap<>();

  Room(RoomDependencies with, String id, Lease lease) {
    this.with = with;
    this.id = id;
    this.lease = lease;
  }

  Lease lease() {
    return lease;
  }

  /** Carries out a command; blocks the virtual thread. */
  Object carryOut(MatchCommand.InRoom<?> command) {
    if (!with.leases().areValid()) {
      throw new Refused(new Refusal.Unavailable("not_owner"));
    }
    load();
    return switch (command) {
      case MatchCommand.ConnectToLobby connect -> connect(connect);
      case MatchCommand.ConnectToMatch connect -> connect(connect);
      case MatchCommand.Disconnect disconnect -> disconnect(disconnect);
      case MatchCommand.RemoveDeadSockets _ -> removeDeadSockets();
      case MatchCommand.TakeSeat(_, var user, var name, var seat) ->
          change(lobby().takeSeat(user, name, seat));
      case MatchCommand.LeaveSeat(_, var user) -> change(lobby().leaveSeat(user));
      case MatchCommand.SetReady(_, var user, var ready) -> change(lobby().setReady(user, ready));
      case MatchCommand.ClearSeat(_, var user, var seat) -> change(lobby().clearSeat(user, seat));
      case MatchCommand.AssignBot(_, var user, var seat, _) ->
          change(lobby().assignBot(user, seat));
      case MatchCommand.SetTargetCapacity(_, var user, var capacity) ->
          change(lobby().setTargetCapacity(user, capacity));
      case MatchCommand.SetConfig(_, var user, _) -> change(lobby().setConfig(user));
      case MatchCommand.CloseRoom(_, var user) -> close(lobby().close(user), "host_close");
      case MatchCommand.Start(_, var user) -> start(user);
      case MatchCommand.Act act -> act(act);
      case MatchCommand.View _ -> match().view(id);
    };
  }

  private void load() {
    if (!loaded) {
      with.meters().restored().record(this::read);
      loaded = true;
    }
  }

  private void read() {
    sockets.clear();
    row = with.store().find(with.database(), id).orElse(null);
    if (row == null) {
      lobby = null;
      match = null;
    } else {
      Game game = with.games().require(row.gameKey());
      lobby =
          new LobbyRules(
              game.info(),
              row.hostUser(),
              row.phase(),
              row.targetCapacity(),
              with.store().seats(with.database(), id));
      Long initialNow = row.initialNow();
      match = initialNow == null ? null : restore(game, row, initialNow);
      with.store().sockets(with.database(), id).forEach(one -> sockets.put(one.socket(), one));
    }
  }

  private MatchLog restore(Game game, RoomRow stored, long initialNow) {
    MatchSetup setup = StartSetup.of(stored, lobby(), initialNow);
    return MatchLog.restored(game, setup, with.store(), with.database(), id);
  }

  private LobbyRules lobby() {
    LobbyRules present = lobby;
    if (present == null) {
      throw new Refused(new Refusal.Missing("unknown_room"));
    }
    return present;
  }

  private MatchLog match() {
    lobby();
    MatchLog present = match;
    if (present == null) {
      throw conflict("room_not_started");
    }
    return present;
  }

  private static Refused conflict(String code) {
    return new Refused(new Refusal.Conflict(code));
  }

  /** Writes as the owner, or fails and forgets what is in memory. */
  private void write(Consumer<Transaction> work) {
    boolean done = false;
    try {
      with.database()
          .write(
              tx -> {
                Leases.fence(tx, lease);
                work.accept(tx);
                return true;
              });
      done = true;
    } finally {
      loaded &= done;
    }
  }

  /** As {@link #write(Consumer)}, together with the actions of other rooms. */
  private void append(ActionWriter.Action action) {
    boolean done = false;
    try {
      with.actions().write(action);
      done = true;
    } finally {
      loaded &= done;
    }
  }

  /** Writes together with an event; returns the position of the event. */
  private Position write(MatchEvent event, Consumer<Transaction> work) {
    var appended = new ArrayList<AppendResult>(1);
    write(
        tx -> {
          work.accept(tx);
          appended.clear();
          appended.add(tx.append(MatchTopic.of(id), event));
        });
    return appended.getFirst().position();
  }

  private LobbyJoined connect(MatchCommand.ConnectToLobby command) {
    LobbyRules present = lobby;
    if (present != null && present.phase() != Phase.LOBBY) {
      throw conflict(present.phase() == Phase.ACTIVE ? "room_already_started" : "room_closed");
    }
    boolean isNew = present == null;
    LobbyRules rules =
        present == null
            ? LobbyRules.opened(with.games().standard().info(), command.user())
            : present;
    var socket = new SocketRow(command.socket(), command.user(), null, with.run().getAsLong());
    Set<String> connected = lobbyUsers();
    connected.add(command.user());
    RoomInfo info = rules.info(id, connected);
    RoomRow created = isNew ? with.newRoom(id, rules) : row;
    Position position =
        write(
            new MatchEvent.LobbyChanged(info),
            tx -> {
              if (isNew && created != null) {
                with.store().insert(tx, created);
              } else {
                with.store().touch(tx, id);
              }
              with.store().insertSocket(tx, id, socket);
            });
    row = created;
    lobby = rules;
    sockets.put(socket.socket(), socket);
    return new LobbyJoined(info, position);
  }

  private MatchJoined connect(MatchCommand.ConnectToMatch command) {
    LobbyRules present = lobby;
    if (present == null || present.phase() != Phase.ACTIVE) {
      throw conflict("room_not_started");
    }
    RoomInfo info = present.info(id, Set.of());
    if (!info.playerOf(command.user()).filter(command.playerID()::equals).isPresent()) {
      throw new Refused(new Refusal.Denied("seat_mismatch"));
    }
    String player = command.playerID();
    var socket = new SocketRow(command.socket(), command.user(), player, with.run().getAsLong());
    List<String> before = players();
    var connected = new ArrayList<>(before);
    boolean first = !before.contains(player);
    if (first) {
      connected.add(player);
    }
    Position position =
        write(
            new MatchEvent.PlayerConnected(id, player, first, List.copyOf(connected)),
            tx -> {
              with.store().touch(tx, id);
              with.store().insertSocket(tx, id, socket);
            });
    sockets.put(socket.socket(), socket);
    return new MatchJoined(match().view(id), connected, position);
  }

  /** The users with sockets in the lobby. */
  private Set<String> lobbyUsers() {
    return sockets.values().stream()
        .filter(socket -> socket.player() == null)
        .map(SocketRow::user)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** The players with sockets, in the order in which they came. */
  private List<String> players() {
    return sockets.values().stream()
        .flatMap(socket -> Stream.ofNullable(socket.player()))
        .distinct()
        .toList();
  }

  private Done disconnect(MatchCommand.Disconnect command) {
    SocketRow socket = sockets.get(command.socket());
    if (socket == null || lobby == null) {
      // A repeated command, or a socket of a room that is gone; its row may be left.
      write(tx -> with.store().deleteSocket(tx, command.socket()));
    } else {
      remove(socket, command.leaving());
    }
    return Done.DONE;
  }

  private Done removeDeadSockets() {
    for (String dead : with.store().deadSockets(with.database(), id)) {
      SocketRow socket = sockets.get(dead);
      if (socket == null || lobby == null) {
        write(tx -> with.store().deleteSocket(tx, dead));
      } else {
        remove(socket, true);
      }
    }
    return Done.DONE;
  }

  private void remove(SocketRow socket, boolean leaving) {
    boolean last =
        sockets.values().stream()
            .noneMatch(
                other ->
                    !other.socket().equals(socket.socket())
                        && other.user().equals(socket.user())
                        && Objects.equals(other.player(), socket.player()));
    String player = socket.player();
    if (!last) {
      removeQuietly(socket);
    } else if (player != null) {
      var left = new ArrayList<>(players());
      left.remove(player);
      write(
          new MatchEvent.PlayerDisconnected(id, player, left),
          tx -> {
            with.store().touch(tx, id);
            with.store().deleteSocket(tx, socket.socket());
          });
      sockets.remove(socket.socket());
    } else if (!leaving || lobby().phase() != Phase.LOBBY) {
      removeQuietly(socket);
    } else {
      removeFromLobby(socket);
    }
  }

  private void removeQuietly(SocketRow socket) {
    write(
        tx -> {
          with.store().touch(tx, id);
          with.store().deleteSocket(tx, socket.socket());
        });
    sockets.remove(socket.socket());
  }

  private void removeFromLobby(SocketRow socket) {
    LobbyRules next = lobby().drop(socket.user());
    if (next.equals(lobby)) {
      removeQuietly(socket);
      return;
    }
    Set<String> connected = lobbyUsers();
    connected.remove(socket.user());
    MatchEvent event =
        next.phase() == Phase.CLOSED
            ? new MatchEvent.Closed(id, "host_left")
            : new MatchEvent.LobbyChanged(next.info(id, connected));
    write(
        event,
        tx -> {
          with.store().saveLobby(tx, id, next, null);
          with.store().deleteSocket(tx, socket.socket());
        });
    lobby = next;
    sockets.remove(socket.socket());
  }

  private Done change(LobbyRules next) {
    if (!next.equals(lobby)) {
      write(
          new MatchEvent.LobbyChanged(next.info(id, lobbyUsers())),
          tx -> with.store().saveLobby(tx, id, next, null));
      lobby = next;
    }
    return Done.DONE;
  }

  private Done close(LobbyRules next, String reason) {
    if (!next.equals(lobby)) {
      Long initialNow = row == null ? null : row.initialNow();
      write(
          new MatchEvent.Closed(id, reason),
          tx -> with.store().saveLobby(tx, id, next, initialNow));
      lobby = next;
    }
    return Done.DONE;
  }

  private Done start(String user) {
    LobbyRules next = lobby().start(user);
    RoomRow present = Objects.requireNonNull(row);
    MatchSetup setup = StartSetup.of(present, next, with.clock().millis());
    long now = setup.initialNow();
    Game game = with.games().require(present.gameKey());
    MatchLog started =
        present.startSetup() == null
            ? MatchLog.started(game, setup)
            : MatchLog.restored(game, setup, with.store(), with.database(), id);
    write(
        new MatchEvent.Started(next.info(id, lobbyUsers())),
        tx -> with.store().saveLobby(tx, id, next, now));
    row = present.startedAt(now);
    lobby = next;
    match = started;
    return Done.DONE;
  }

  private ActResult act(MatchCommand.Act command) {
    MatchLog running = match();
    ActResult before = running.answered(command.request());
    if (before != null) {
      return before;
    }
    Long base = command.baseRevision();
    if (base != null && base != running.revision()) {
      return new ActResult(running.revision(), "stale_revision", null, null);
    }
    if (running.isFull() || command.payload().length() > MatchCommand.PAYLOAD_MAX) {
      String reason = running.isFull() ? "log_full" : "payload_too_large";
      return new ActResult(running.revision(), "invalid_event", reason, null);
    }
    long number = running.actions() + 1L;
    var action =
        new GameAction(
            number, command.playerID(), command.event(), command.payload(), with.clock().millis());
    GameSession.Outcome outcome;
    try {
      outcome = running.session().apply(action);
    } catch (RuntimeException broken) {
      LOG.error("an action of a match failed in the code of the game", broken);
      return new ActResult(running.revision(), "invalid_event", null, null);
    }
    return switch (outcome) {
      case GameSession.Outcome.Rejected(var error, var reason, var details) ->
          new ActResult(running.revision(), error, reason, details);
      case GameSession.Outcome.Accepted(var steps, _) -> commit(command, running, action, steps);
    };
  }

  private ActResult commit(
      MatchCommand.Act command, MatchLog running, GameAction action, List<GameSession.Step> steps) {
    long revision = running.revision() + steps.size();
    var record =
        new RecordRow(action.number(), steps.getFirst().record(), revision, command.request());
    SnapshotRow snapshot = running.dueSnapshot(action.number());
    var event =
        new MatchEvent.Advanced(
            id, revision, action.id(), command.playerID(), command.clientActionID(), steps);
    append(new ActionWriter.Action(lease, id, record, snapshot, event));
    with.meters().accepted().increment();
    return running.add(record);
  }
}
