package dev.rookery.store;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands committed events on, and knows how far this node has come with that.
 *
 * <p>Each transaction with events takes a running number that is stored with them. Everything up to
 * {@link #upto} is either posted or was never committed; another node that finds this one dead
 * posts what has a higher number. Storing one number every second is all that a crash needs,
 * instead of a mark for each event.
 */
final class OutboxPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxPublisher.class);

  private static final int LONG_STREAMS_MAX = 10_000;

  private final int keptMax;
  private final int noteEvery;
  private final Map<String, Position> longStreams = new ConcurrentHashMap<>();
  private final TreeSet<Long> open = new TreeSet<>();
  private final Map<Long, Instant> doubtful = new HashMap<>();
  private long last;
  private volatile long node;
  private volatile @Nullable Consumer<List<CommittedEvent>> receiver;

  /**
   * @param keptMax how many events of one stream are kept
   */
  OutboxPublisher(int keptMax) {
    this.keptMax = keptMax;
    this.noteEvery = Math.clamp(keptMax / 10, 1, 100);
  }

  /** This run of this node; 0 until it is known. */
  long node() {
    return node;
  }

  void node(long registered) {
    node = registered;
  }

  /** From now on committed events go there. Before, nobody could have followed anything. */
  synchronized void to(Consumer<List<CommittedEvent>> receiver) {
    if (this.receiver != null) {
      throw new IllegalStateException("committed events already have a receiver");
    }
    this.receiver = receiver;
  }

  /** A number for a transaction that is about to store its events. */
  synchronized long begin() {
    open.add(++last);
    return last;
  }

  /** The transaction's events are posted, or will never exist. */
  synchronized void end(long number) {
    open.remove(number);
    doubtful.remove(number);
  }

  /** Nobody can tell whether the transaction was committed; {@link OutboxSweep} will find out. */
  synchronized void doubt(long number, Instant since) {
    doubtful.put(number, since);
  }

  synchronized Map<Long, Instant> doubtful() {
    return Map.copyOf(doubtful);
  }

  synchronized long upto() {
    return open.isEmpty() ? last : open.first() - 1;
  }

  /** Streams that have grown beyond what is kept, with a recent position; forgotten when told. */
  Map<String, Position> takeLong() {
    var taken = new HashMap<String, Position>();
    for (var entry : longStreams.entrySet()) {
      if (longStreams.remove(entry.getKey(), entry.getValue())) {
        taken.put(entry.getKey(), entry.getValue());
      }
    }
    return taken;
  }

  /** Looks at every so manieth event only; what one look misses the next one finds. */
  private void noteLong(CommittedEvent event) {
    long offset = event.position().offset();
    if (offset > keptMax && offset % noteEvery == 0 && longStreams.size() < LONG_STREAMS_MAX) {
      longStreams.put(event.stream(), event.position());
    }
  }

  /** Hands on what was committed. The receiver must not block; if it breaks, that is logged. */
  void post(List<CommittedEvent> events) {
    events.forEach(this::noteLong);
    Consumer<List<CommittedEvent>> to = receiver;
    if (to == null || events.isEmpty()) {
      return;
    }
    try {
      to.accept(events);
    } catch (RuntimeException broken) {
      LOG.error("{} committed events could not be handed on", events.size(), broken);
    }
  }
}
