package dev.rookery.fanout;

import dev.rookery.base.CatchUp;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;

/**
 * An in-memory event history of streams with one epoch. Tests make it unavailable, and make it
 * forget events.
 */
final class InMemoryEventHistory implements EventHistory {
  static final long EPOCH = 1_000;

  private final LongFunction<Event> events;
  private final Map<String, TreeMap<Long, CommittedEvent>> kept = new HashMap<>();
  private final Map<String, Long> heads = new HashMap<>();
  private Promise<Void> held = Promise.promise();
  final AtomicInteger outages = new AtomicInteger();
  final AtomicInteger reads = new AtomicInteger();

  /**
   * @param events creates the event for an offset
   */
  InMemoryEventHistory(LongFunction<Event> events) {
    this.events = events;
    held.complete();
  }

  /** Commits the next event of a stream. */
  synchronized CommittedEvent append(String stream) {
    long offset = heads.merge(stream, 1L, Long::sum);
    var posted = new CommittedEvent(stream, new Position(EPOCH, offset), events.apply(offset));
    kept.computeIfAbsent(stream, _ -> new TreeMap<>()).put(offset, posted);
    return posted;
  }

  synchronized Position head(String stream) {
    Long head = heads.get(stream);
    return head == null ? Position.START : new Position(EPOCH, head);
  }

  synchronized CommittedEvent at(String stream, long offset) {
    return kept.get(stream).get(offset);
  }

  /** Removes all but the newest events. */
  synchronized void forget(String stream, int keeping) {
    TreeMap<Long, CommittedEvent> all = kept.get(stream);
    while (all != null && all.size() > keeping) {
      all.pollFirstEntry();
    }
  }

  /** Holds all reads until {@link #release}. */
  synchronized void hold() {
    held = Promise.promise();
  }

  synchronized void release() {
    held.complete();
  }

  @Override
  public synchronized Future<CatchUp<CommittedEvent>> readAfter(
      String stream, Position position, int max) {
    reads.incrementAndGet();
    return held.future().compose(_ -> read(stream, position, max));
  }

  private synchronized Future<CatchUp<CommittedEvent>> read(
      String stream, Position position, int max) {
    if (outages.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return Future.failedFuture("the history is unavailable");
    }
    Position head = head(stream);
    Position from = position.equals(Position.START) ? new Position(head.epoch(), 0) : position;
    if (from.equals(head)) {
      return Future.succeededFuture(new CatchUp.UpToDate<>());
    }
    List<CommittedEvent> found =
        kept.getOrDefault(stream, new TreeMap<>()).tailMap(from.offset(), false).values().stream()
            .limit(max)
            .toList();
    if (from.isAfter(head)
        || found.isEmpty()
        || found.getFirst().position().offset() != from.offset() + 1) {
      return Future.succeededFuture(new CatchUp.Unrecoverable<>());
    }
    return Future.succeededFuture(
        new CatchUp.Events<>(found, head.isAfter(found.getLast().position())));
  }

  @Override
  public synchronized Future<Map<String, Position>> readHeads(List<String> streams) {
    var found = new HashMap<String, Position>();
    streams.stream().filter(heads::containsKey).forEach(name -> found.put(name, head(name)));
    return Future.succeededFuture(found);
  }

  @Override
  public Position beginning() {
    return Position.beginning(1);
  }

  @Override
  public boolean hasOneEpochSince(Position beginning) {
    return beginning.equals(beginning());
  }
}
