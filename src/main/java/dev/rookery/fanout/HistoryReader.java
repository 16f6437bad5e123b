package dev.rookery.fanout;

import dev.rookery.base.CatchUp;
import dev.rookery.base.Position;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads missed events from the history. Concurrent reads of the same range, as after the crash of a
 * node, are executed once and share their result, including the encoding of each event.
 */
final class HistoryReader {
  /** Maximum events of one read, and therefore the most that a client may have missed to resume. */
  static final int EVENTS_MAX = 500;

  private final EventHistory history;
  private final Map<Range, Future<CatchUp<Delivery>>> inFlight = new ConcurrentHashMap<>();

  HistoryReader(EventHistory history) {
    this.history = history;
  }

  /**
   * Reads the events of a stream after a position.
   *
   * @param upto a position known to be committed; a shared read therefore contains it
   */
  Future<CatchUp<Delivery>> read(String stream, Position after, Position upto) {
    var range = new Range(stream, after, upto);
    Future<CatchUp<Delivery>> shared =
        inFlight.computeIfAbsent(
            range,
            _ ->
                history
                    .readAfter(stream, after, EVENTS_MAX)
                    .map(missed -> missed.map(posted -> new Delivery(stream, posted))));
    // Not inside computeIfAbsent: the read may be complete already.
    shared.onComplete(_ -> inFlight.remove(range, shared));
    return shared;
  }

  private record Range(String stream, Position after, Position upto) {}
}
