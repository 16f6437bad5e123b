package dev.rookery.fanout;

import dev.rookery.base.CatchUp;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** Where missed events are read: the outbox. */
public interface EventHistory {
  /** What came after a position of a stream, up to {@code max} events and a bounded size. */
  Future<CatchUp<CommittedEvent>> readAfter(String stream, Position position, int max);

  /** How far streams have come; those without an event are left out. */
  Future<Map<String, Position>> readHeads(List<String> streams);

  /** A place to come back to in a stream of which a reading has just shown no event. */
  Position beginning();

  /**
   * Whether whatever has happened since, on a stream that had no events at that {@link #beginning},
   * is of the stream's present epoch. At once, without reading.
   */
  boolean hasOneEpochSince(Position beginning);
}
