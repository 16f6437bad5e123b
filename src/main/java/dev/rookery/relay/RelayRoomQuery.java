package dev.rookery.relay;

import dev.rookery.bus.Command;
import dev.rookery.console.AuditedChange;
import java.util.List;

/** The rooms of the relay, for admins. Served by any node, which asks the others. */
public sealed interface RelayRoomQuery<R> extends Command<R> {
  String ADDRESS = "relay.rooms";

  /** How many rooms a node names. */
  int ROOMS_MAX = 500;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * The rooms with an occupant, by name.
   *
   * @param prefix of their names; empty for all
   * @param named whether the names are shown: a client with the name can take a seat. Without them
   *     the prefix has no effect, because it would reveal them character by character
   */
  record ListRooms(String prefix, boolean named) implements RelayRoomQuery<RoomPage> {}

  /**
   * Closes the sockets of a room on all nodes; a client that connects again opens it again. {@code
   * Missing("relay_room_not_found")} if all nodes answer and none has a socket in it.
   */
  record CloseRoom(String room) implements RelayRoomQuery<ClosedRoom> {}

  /**
   * A room.
   *
   * @param name {@link AuditedChange#MASKED} if it is not shown
   * @param nodes that have a socket in it
   * @param sockets on all of them
   */
  record RelayRoom(String name, List<String> nodes, int sockets) {
    public RelayRoom {
      nodes = List.copyOf(nodes);
    }

    private RelayRoom withoutName() {
      return new RelayRoom(AuditedChange.MASKED, nodes, sockets);
    }
  }

  /**
   * Rooms of all nodes that answered.
   *
   * @param more whether a node has more than {@link #ROOMS_MAX}
   * @param silent the nodes that did not answer
   */
  record RoomPage(List<RelayRoom> rooms, boolean more, List<String> silent) {
    public RoomPage {
      rooms = List.copyOf(rooms);
      silent = List.copyOf(silent);
    }

    RoomPage withoutNames() {
      return new RoomPage(rooms.stream().map(RelayRoom::withoutName).toList(), more, silent);
    }
  }

  /**
   * What was closed.
   *
   * @param sockets how many
   * @param silent the nodes that did not answer, which may still have sockets in the room
   */
  record ClosedRoom(int sockets, List<String> silent) {
    public ClosedRoom {
      silent = List.copyOf(silent);
    }
  }
}
