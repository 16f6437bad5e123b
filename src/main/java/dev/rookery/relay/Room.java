package dev.rookery.relay;

import java.util.List;
import java.util.stream.Stream;

/** A room with at least one socket on this node. */
final class Room {
  private final String name;
  private final byte[] bytes;
  private final SeatState first = new SeatState();
  private final SeatState second = new SeatState();
  private int sockets;

  Room(String name) {
    this.name = name;
    this.bytes = RelayFrame.bytes(name);
  }

  String name() {
    return name;
  }

  byte[] bytes() {
    return bytes;
  }

  SeatState seat(int number) {
    return number == 0 ? first : second;
  }

  /** The seats whose sockets are on this node. */
  List<LocalSeat> locals() {
    return Stream.of(first, second)
        .map(SeatState::occupant)
        .filter(LocalSeat.class::isInstance)
        .map(LocalSeat.class::cast)
        .toList();
  }

  /** Counts a socket; called under the lock of the room's map entry. */
  Room addSocket() {
    sockets++;
    return this;
  }

  /**
   * Removes a socket; called under the lock of the room's map entry. Returns whether none is left.
   */
  boolean removeSocket() {
    return --sockets == 0;
  }
}
