package dev.rookery.edge;

import io.vertx.core.Future;

/**
 * What a wire does with one socket. Called on the socket's event loop, one call at a time, in the
 * order in which the client spoke.
 */
public interface WebSocketListener {
  /** A whole text message, valid UTF-8. */
  void onText(byte[] message);

  void onBinary(byte[] message);

  /**
   * The socket is no more, for whatever reason. Called once, and last. A drain waits for what is
   * given: that others, who must know, have been told.
   */
  Future<?> onClose();
}
