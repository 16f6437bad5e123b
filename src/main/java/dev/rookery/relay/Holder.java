package dev.rookery.relay;

/** Who is reached through a seat. */
sealed interface Holder permits Sitting, Elsewhere {
  /** Brings him what a player of the room said. */
  void hear(Sitting from, byte[] message, boolean text);
}
