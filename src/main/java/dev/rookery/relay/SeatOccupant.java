package dev.rookery.relay;

/** The occupant of a seat, on this node or on another. */
sealed interface SeatOccupant permits LocalSeat, RemoteSeat {
  /** Delivers a message of the other player in the room. */
  void deliver(LocalSeat from, byte[] message, boolean text);
}
