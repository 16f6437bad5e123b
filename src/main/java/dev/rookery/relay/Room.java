package dev.rookery.relay;

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
