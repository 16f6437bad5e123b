package dev.rookery.store;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.Position;

/**
 * An event that a unit of work appended and that has no place in its stream yet.
 *
 * @param place told when it has one
 */
record PendingEvent(String stream, Event event, String type, String json, AppendResult place) {
  /** It has come to stand there. */
  CommittedEvent at(Position position) {
    place.take(position);
    return new CommittedEvent(stream, position, event);
  }
}
