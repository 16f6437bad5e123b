package dev.rookery.relay;

/**
 * A place in a room. A room has two.
 *
 * @param room any text of at most {@link #ROOM_BYTES_MAX} bytes; there is no other list of rooms
 * @param number 0 or 1
 */
public record Seat(String room, int number) {
  public static final int ROOM_BYTES_MAX = 256;

  public Seat {
    if (number != 0 && number != 1) {
      throw new IllegalArgumentException("seat " + number);
    }
  }

  Seat other() {
    return new Seat(room, 1 - number);
  }
}
