package dev.rookery.fanout;

import dev.rookery.base.CatchUp;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** Source of past events, to fill gaps and to resume: the outbox table. */
public interface EventHistory {
  /**
   * Reads the events of a stream after a position: at most {@code max} events and a bounded number
   * of bytes.
   */
  Future<CatchUp<CommittedEvent>> readAfter(String stream, Position position, int max);

  /** Reads the positions of the last events; streams without events are absent. */
  Future<Map<String, Position>> readHeads(List<String> streams);

  /** A position to resume from in a stream that has just been read and had no events. */
  Position beginning();

  /**
   * Whether all events since that {@link #beginning}, of a stream that had none then, belong to the
   * stream's current epoch. Answers from memory.
   */
  boolean hasOneEpochSince(Position beginning);
}
