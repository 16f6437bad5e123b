package dev.rookery.edge;

import io.vertx.core.Future;
import java.util.List;

/**
 * Receives the messages of one WebSocket. Called on the socket's event loop, one call at a time, in
 * the order in which the client sent them.
 */
public interface WebSocketListener {
  /** A complete text message of valid UTF-8. */
  void onText(byte[] message);

  void onBinary(byte[] message);

  /** The topics that the client has joined; may be called from any thread. */
  default List<String> topics() {
    return List.of();
  }

  /**
   * The socket has closed, for whatever reason. Called once, as the last call. A drain waits for
   * the returned future, which completes when the effects of the close (presence, seats) have been
   * announced.
   */
  Future<?> onClose();
}
