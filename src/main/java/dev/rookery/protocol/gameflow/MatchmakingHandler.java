package dev.rookery.protocol.gameflow;

import io.vertx.core.Future;

/**
 * What one socket looks for, one search at a time, which ends with the socket. Every future ends
 * when the answer was sent, and never fails.
 */
interface MatchmakingHandler {
  Future<?> find(ClientMessage message);

  Future<?> cancel();

  Future<?> explain();

  /** The socket is gone. */
  Future<?> disconnect();
}
