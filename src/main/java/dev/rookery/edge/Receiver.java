package dev.rookery.edge;

/**
 * What a wire does with one socket. Called on the socket's event loop, one call at a time, in the
 * order in which the client spoke.
 */
public interface Receiver {
  /** A whole text message, valid UTF-8. */
  void text(byte[] message);

  void binary(byte[] message);

  /** The socket is no more, for whatever reason. Called once, and last. */
  void closed();
}
