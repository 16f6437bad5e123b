package dev.rookery.match;

import dev.rookery.base.Position;
import dev.rookery.match.MatchCommand.LobbyJoined;
import dev.rookery.match.RoomSocketStore.SocketRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is present in a room: stores its sockets, and tells those in the room who comes and goes with
 * them. A user whose last socket in the lobby leaves gives up the seat, too.
 *
 * <p>What it keeps in memory is what has been committed, as in the {@link Room} whose commands it
 * carries out; after a failed write both are read again. It checks nothing: the room has decided
 * that the socket may enter.
 */
final class RoomPresence {
  private final RoomDependencies with;
  private final String id;
  private final RoomWriter writer;
  private final RoomSockets sockets = new RoomSockets();

  RoomPresence(RoomDependencies with, String id, RoomWriter writer) {
    this.with = with;
    this.id = id;
    this.writer = writer;
  }

  /** Reads the sockets that are stored. */
  void load() {
    sockets.replaceAll(with.stores().sockets().find(with.database(), id));
  }

  void clear() {
    sockets.replaceAll(List.of());
  }

  /** The users with sockets in the lobby; a new set. */
  Set<String> lobbyUsers() {
    return sockets.lobbyUsers();
  }

  /**
   * A socket enters the lobby.
   *
   * @param created the room, which is stored as well; null if it is stored already
   */
  LobbyJoined enterLobby(
      MatchCommand.ConnectToLobby command, LobbyRules lobby, @Nullable RoomRow created) {
    var socket = new SocketRow(command.socket(), command.user(), null, with.run().getAsLong());
    Set<String> connected = sockets.lobbyUsers();
    connected.add(command.user());
    RoomInfo info = lobby.info(id, connected);
    Position position =
        writer.write(
            new MatchEvent.LobbyChanged(info),
            tx -> {
              if (created != null) {
                with.insertWithinLimit(tx, created);
              } else {
                with.stores().rooms().touch(tx, id);
              }
              with.stores().sockets().insert(tx, id, socket);
            });
    sockets.add(socket);
    return new LobbyJoined(info, position);
  }

  /**
   * The players in a match when a socket has entered it.
   *
   * @param position of the event that says so
   */
  record Entered(List<String> players, Position position) {}

  /** A socket enters the match. */
  Entered enterMatch(MatchCommand.ConnectToMatch command) {
    String player = command.playerID();
    var socket = new SocketRow(command.socket(), command.user(), player, with.run().getAsLong());
    var players = new ArrayList<>(sockets.players());
    boolean first = !players.contains(player);
    if (first) {
      players.add(player);
    }
    List<String> connected = List.copyOf(players);
    Position position =
        writer.write(
            new MatchEvent.PlayerConnected(id, player, first, connected),
            tx -> {
              with.stores().rooms().touch(tx, id);
              with.stores().sockets().insert(tx, id, socket);
            });
    sockets.add(socket);
    return new Entered(connected, position);
  }

  /**
   * Removes a socket; does no harm if it is gone.
   *
   * @param leaving false if the client is expected to connect again at once
   * @param lobby of the room; null if there is no room
   * @return the lobby as it is afterwards
   */
  @Nullable LobbyRules disconnect(String socketId, boolean leaving, @Nullable LobbyRules lobby) {
    SocketRow socket = sockets.find(socketId);
    if (socket == null || lobby == null) {
      // A repeated command, or a socket of a room that is gone; its row may be left.
      writer.write(tx -> with.stores().sockets().delete(tx, socketId));
      return lobby;
    }
    String player = socket.player();
    if (sockets.isLast(socket) && player != null) {
      removeFromMatch(socket, player);
    } else if (sockets.isLast(socket) && leaving && lobby.phase() == Phase.LOBBY) {
      return removeFromLobby(socket, lobby);
    } else {
      removeQuietly(socket);
    }
    return lobby;
  }

  /** As {@link #disconnect}, for all sockets of nodes that have died. */
  @Nullable LobbyRules disconnectDead(@Nullable LobbyRules lobby) {
    LobbyRules left = lobby;
    for (String dead : with.stores().sockets().deadSockets(with.database(), id)) {
      left = disconnect(dead, true, left);
    }
    return left;
  }

  private void removeFromMatch(SocketRow socket, String player) {
    var left = new ArrayList<>(sockets.players());
    left.remove(player);
    writer.write(
        new MatchEvent.PlayerDisconnected(id, player, left),
        tx -> {
          with.stores().rooms().touch(tx, id);
          with.stores().sockets().delete(tx, socket.socket());
        });
    sockets.remove(socket);
  }

  private void removeQuietly(SocketRow socket) {
    writer.write(
        tx -> {
          with.stores().rooms().touch(tx, id);
          with.stores().sockets().delete(tx, socket.socket());
        });
    sockets.remove(socket);
  }

  private LobbyRules removeFromLobby(SocketRow socket, LobbyRules before) {
    LobbyRules next = before.drop(socket.user());
    if (next.equals(before)) {
      removeQuietly(socket);
      return before;
    }
    Set<String> connected = sockets.lobbyUsers();
    connected.remove(socket.user());
    MatchEvent event =
        next.phase() == Phase.CLOSED
            ? new MatchEvent.Closed(id, "host_left")
            : new MatchEvent.LobbyChanged(next.info(id, connected));
    writer.saveLobby(
        event,
        before,
        next,
        tx -> {
          with.stores().rooms().touch(tx, id);
          with.stores().sockets().delete(tx, socket.socket());
        });
    sockets.remove(socket);
    return next;
  }
}
