package dev.rookery.relay;

/**
 * One of the two seats of a room.
 *
 * @param room any name of at most {@link #ROOM_BYTES_MAX} bytes; rooms exist while they are used
 * @param number 0 or 1
 */
public record Seat(String room, int number) {
  public static final int ROOM_BYTES_MAX = 256;

  public Seat {
    if (number != 0 && number != 1) {
      throw new IllegalArgumentException("the seat number must be 0 or 1, not " + number);
    }
  }

  Seat other() {
    return new Seat(room, 1 - number);
  }
}
