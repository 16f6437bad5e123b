package dev.rookery.relay;

/** Receives the messages for a seat, usually for a socket. */
public interface SeatListener {
  /**
   * A message of the other player in the room. Called on any thread; the messages of one sender
   * arrive in order, each at most once. The bytes must not be modified.
   */
  void onMessage(byte[] message, boolean text);

  /**
   * The seat was granted, and the messages that waited for it have been sent. Called on the event
   * loop of the socket, also while the seat is being requested.
   */
  void onGranted();

  /** The seat could not be taken; nothing is received or relayed any more. */
  void onRejected();

  /** An admin has closed the room: the socket is to be closed. Called on any thread. */
  void onClosed();
}
