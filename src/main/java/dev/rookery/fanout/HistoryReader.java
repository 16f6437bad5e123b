package dev.rookery.fanout;

import dev.rookery.base.CatchUp;
import dev.rookery.base.Position;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads what was missed. When many ask for the same at once, as after a node died, it is read once,
 * and they share what was read: one encoding of each event serves them all.
 */
final class HistoryReader {
  /** At once, and so the most that one who comes back may have missed. */
  static final int EVENTS_MAX = 500;

  private final EventHistory history;
  private final Map<Range, Future<CatchUp<Delivery>>> inFlight = new ConcurrentHashMap<>();

  HistoryReader(EventHistory history) {
    this.history = history;
  }

  /**
   * @param upto known to be committed, so that whoever shares the read finds it in there
   */
  Future<CatchUp<Delivery>> read(String stream, Position after, Position upto) {
    var span = new Range(stream, after, upto);
    Future<CatchUp<Delivery>> shared =
        inFlight.computeIfAbsent(
            span,
            _ ->
                history
                    .readAfter(stream, after, EVENTS_MAX)
                    .map(missed -> missed.map(posted -> new Delivery(stream, posted))));
    // Not while it is being entered: the answer may be there already.
    shared.onComplete(_ -> inFlight.remove(span, shared));
    return shared;
  }

  private record Range(String stream, Position after, Position upto) {}
}
