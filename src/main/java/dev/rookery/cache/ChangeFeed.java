package dev.rookery.cache;

import dev.rookery.base.Event;
import dev.rookery.base.Position;

/** Tells caches what was committed on any node. The node connects it to the streams of events. */
public interface ChangeFeed {
  /** A feed on which nothing ever happens; its caches stay unused. */
  ChangeFeed NONE = (_, _) -> {};

  /** Follows a stream as long as the node runs. */
  void follow(String stream, Listener listener);

  /** Receives the events of a stream. Must not block. */
  interface Listener {
    /** The stream is followed from this position on; also after {@link #onLost}. */
    void onStart(Position position);

    /** An event: each after the start once, and in order. */
    void onEvent(Event event, Position position);

    /** Events were missed. */
    void onLost();
  }
}
