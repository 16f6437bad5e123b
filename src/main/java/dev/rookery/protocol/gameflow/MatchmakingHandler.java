package dev.rookery.protocol.gameflow;

import dev.rookery.matchmaking.MatchmakingEvent;
import io.vertx.core.Future;

/**
 * Handles the matchmaking messages of one socket. A socket has at most one search, which is
 * cancelled when the socket closes. Every future completes when the answer has been sent, and never
 * fails.
 */
interface MatchmakingHandler {
  /** Handles {@code matchmaking:find}. */
  Future<?> find(ClientMessage message);

  /** Handles {@code matchmaking:cancel}. */
  Future<?> cancel();

  /** Handles {@code matchmaking:why}. */
  Future<?> explain();

  /** An outcome of this server's own matchmaking, in order. */
  void onOutcome(MatchmakingEvent outcome);

  /** Outcomes were lost. */
  void onOutcomesLost();

  /** Cancels the search because the socket has closed. */
  Future<?> disconnect();
}
