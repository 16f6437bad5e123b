package dev.rookery.leaderboard;

import dev.rookery.base.Event;
import dev.rookery.base.Position;

/** Follows the streams of boards. The node connects it to the distribution of events. */
@FunctionalInterface
public interface BoardStreams {
  /**
   * Follows a stream. Call it on the context on which the listener is to be called. Nothing is
   * delivered before {@link Subscription#startAfter}.
   */
  Subscription follow(String stream, Listener listener);

  /** Receives the events of a stream. */
  interface Listener {
    /** An event: each after the start once, and in order. */
    void onEvent(Event event, Position position);

    /** Events were missed that are no longer stored. Nothing further is delivered. */
    void onLost();
  }

  /** A stream that is followed. Used on the context on which it was followed. */
  interface Subscription {
    /** Starts with the first event after the position. */
    void startAfter(Position position);

    /** Ends it. Idempotent. */
    void cancel();
  }
}
