package dev.rookery.store;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.Position;
import org.jspecify.annotations.Nullable;

/**
 * An event that a unit of work has appended and that has no position in its stream yet.
 *
 * @param shard the shard of durable consumers that read it; null if it has none
 * @param result receives the position
 */
record PendingEvent(
    String stream,
    Event event,
    String type,
    String json,
    @Nullable Integer shard,
    AppendResult result) {
  /** Sets the position and returns the committed event. */
  CommittedEvent committedAt(Position position) {
    result.set(position);
    return new CommittedEvent(stream, position, event);
  }
}
