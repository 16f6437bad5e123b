package dev.rookery.base;

import java.util.List;

/**
 * A committed fact, named in the past tense. It carries everything that clients are shown, so that
 * no protocol has to read a store. Every event is a record of a sealed interface that is listed in
 * {@code bus.EventTypes}; it is stored in the outbox and sent between nodes as JSON.
 */
public interface Event {
  /**
   * Additional topics without history that receive this event, beside the stream it was appended
   * to: {@code lobbies} when a lobby is created. Delivery there is at most once and carries no
   * position.
   */
  default List<String> feeds() {
    return List.of();
  }

  /**
   * Whether the durable consumers of the server read the event on this stream. One that is appended
   * to the streams of two players is read on one of them, which spares an index entry and reading
   * it twice. Hooks of extensions read it on every stream.
   */
  default boolean isConsumedOn(String stream) {
    return true;
  }
}
