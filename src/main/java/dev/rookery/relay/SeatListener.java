package dev.rookery.relay;

/** Who sits in a seat: usually a socket. */
public interface SeatListener {
  /**
   * What the other player of the room said. Called on any thread; one player's words come in the
   * order in which he said them, each at most once. Nobody may change the bytes.
   */
  void onMessage(byte[] message, boolean text);

  /** The seat could not be taken, and will not be: nothing is heard or passed any more. */
  void onRejected();
}
