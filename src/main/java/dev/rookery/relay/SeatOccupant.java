package dev.rookery.relay;

/** Who is reached through a seat. */
sealed interface SeatOccupant permits LocalSeat, RemoteSeat {
  /** Brings him what a player of the room said. */
  void deliver(LocalSeat from, byte[] message, boolean text);
}
