package dev.rookery.relay;

/** A room of which somebody sits at this node. */
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

  /** Called while nobody else can find the room. */
  Room addSocket() {
    sockets++;
    return this;
  }

  /** Called while nobody else can find the room. Whether nobody of this node is left in it. */
  boolean removeSocket() {
    return --sockets == 0;
  }
}
