package dev.rookery.base;

import java.util.List;

/**
 * Something that happened and was committed, in the past tense. It carries all that clients are
 * shown, so that no wire has to read a store. Every event is a record of a sealed interface that is
 * listed in {@code bus.EventTypes}; it travels between nodes, and rests in the outbox, as JSON.
 */
public interface Event {
  /**
   * Short-lived topics that hear of this event too, beside the stream it was appended to: {@code
   * lobbies} for the opening of a lobby. Delivery there is at most once and carries no position.
   */
  default List<String> feeds() {
    return List.of();
  }
}
