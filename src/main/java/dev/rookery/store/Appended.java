package dev.rookery.store;

import dev.rookery.base.Event;
import dev.rookery.base.Position;
import dev.rookery.base.Posted;

/**
 * An event that a unit of work appended and that has no place in its stream yet.
 *
 * @param place told when it has one
 */
record Appended(String stream, Event event, String type, String json, Place place) {
  /** It has come to stand there. */
  Posted at(Position position) {
    place.take(position);
    return new Posted(stream, position, event);
  }
}
