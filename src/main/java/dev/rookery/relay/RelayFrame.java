package dev.rookery.relay;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * A message between the relays of two nodes, about a seat and the {@code claim} by which it is
 * held; a later claim has a higher number.
 *
 * <p>Encoding: kind (1 byte), seat (1), claim (8), length of the room name (2), the name, and the
 * rest by kind.
 */
sealed interface RelayFrame {
  int TEXT = 0;
  int BINARY = 1;
  int SEAT_TAKEN = 2;
  int SEAT_LEFT = 3;

  Seat seat();

  long claim();

  /**
   * A message of the player in the seat, for the other seat of the room.
   *
   * @param number sequence number of the sender's messages, from 1
   */
  record Message(Seat seat, long claim, long number, byte[] message, boolean text)
      implements RelayFrame {}

  /** The seat is now held by a player on that node, and by no other player any more. */
  record SeatTaken(Seat seat, long claim, String node) implements RelayFrame {}

  /** The player has left the seat. */
  record SeatLeft(Seat seat, long claim) implements RelayFrame {}

  static Buffer encodeMessage(
      byte[] room, int seat, long claim, long number, byte[] message, boolean text) {
    return header(text ? TEXT : BINARY, seat, claim, room, 8 + message.length)
        .appendLong(number)
        .appendBytes(message);
  }

  static Buffer encodeSeatTaken(Seat seat, long claim, String node) {
    byte[] name = node.getBytes(StandardCharsets.UTF_8);
    return header(SEAT_TAKEN, seat.number(), claim, bytes(seat.room()), name.length)
        .appendBytes(name);
  }

  static Buffer encodeSeatLeft(Seat seat, long claim) {
    return header(SEAT_LEFT, seat.number(), claim, bytes(seat.room()), 0);
  }

  private static Buffer header(int kind, int seat, long claim, byte[] room, int rest) {
    return Buffer.buffer(12 + room.length + rest)
        .appendByte((byte) kind)
        .appendByte((byte) seat)
        .appendLong(claim)
        .appendShort((short) room.length)
        .appendBytes(room);
  }

  static RelayFrame decode(Buffer bytes) {
    int kind = bytes.getByte(0);
    long claim = bytes.getLong(2);
    int name = 12;
    int rest = name + bytes.getUnsignedShort(10);
    var seat = new Seat(text(bytes, name, rest), bytes.getByte(1));
    return switch (kind) {
      case TEXT, BINARY ->
          new Message(
              seat,
              claim,
              bytes.getLong(rest),
              bytes.getBytes(rest + 8, bytes.length()),
              kind == TEXT);
      case SEAT_TAKEN -> new SeatTaken(seat, claim, text(bytes, rest, bytes.length()));
      case SEAT_LEFT -> new SeatLeft(seat, claim);
      default -> throw new IllegalArgumentException("unknown relay frame kind " + kind);
    };
  }

  static byte[] bytes(String room) {
    return room.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Buffer bytes, int from, int to) {
    return bytes.getString(from, to, StandardCharsets.UTF_8.name());
  }
}
