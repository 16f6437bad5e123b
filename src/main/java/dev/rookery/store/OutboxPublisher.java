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
 * Publishes committed events on this node and tracks how far it has come.
 *
 * <p>Each transaction with events takes a running number that is stored with them. Everything up to
 * {@link #publishedUpTo} is either published or was never committed; when this node dies, another
 * one publishes the events with a higher number. So one stored number a second is enough for
 * recovery, instead of a mark for each event.
 */
final class OutboxPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxPublisher.class);

  private static final int LONG_STREAMS_MAX = 10_000;

  private final int historyMax;
  private final int sampleEvery;
  private final Map<String, Position> longStreams = new ConcurrentHashMap<>();
  private final TreeSet<Long> open = new TreeSet<>();
  private final Map<Long, Instant> uncertain = new HashMap<>();
  private long lastNumber;
  private volatile long run;
  private volatile @Nullable Consumer<List<CommittedEvent>> receiver;

  /**
   * @param historyMax number of events kept for each stream
   */
  OutboxPublisher(int historyMax) {
    this.historyMax = historyMax;
    this.sampleEvery = Math.clamp(historyMax / 10, 1, 100);
  }

  /** The current run of this node; 0 until it is known. */
  long run() {
    return run;
  }

  void run(long newRun) {
    run = newRun;
  }

  /** Sets the receiver of committed events. Before that nobody can have subscribed to anything. */
  synchronized void setReceiver(Consumer<List<CommittedEvent>> receiver) {
    if (this.receiver != null) {
      throw new IllegalStateException("committed events already have a receiver");
    }
    this.receiver = receiver;
  }

  /** Returns the number of a transaction that is about to store its events. */
  synchronized long start() {
    open.add(++lastNumber);
    return lastNumber;
  }

  /** Marks a transaction as done: its events are published, or will never exist. */
  synchronized void complete(long number) {
    open.remove(number);
    uncertain.remove(number);
  }

  /** Marks a transaction whose outcome is unknown; {@link OutboxSweep} will find it out. */
  synchronized void markUncertain(long number, Instant since) {
    uncertain.put(number, since);
  }

  synchronized Map<Long, Instant> uncertain() {
    return Map.copyOf(uncertain);
  }

  synchronized long publishedUpTo() {
    return open.isEmpty() ? lastNumber : open.first() - 1;
  }

  /**
   * Returns and clears the streams that have more events than are kept, each with a recent
   * position.
   */
  Map<String, Position> takeLongStreams() {
    var taken = new HashMap<String, Position>();
    for (var entry : longStreams.entrySet()) {
      if (longStreams.remove(entry.getKey(), entry.getValue())) {
        taken.put(entry.getKey(), entry.getValue());
      }
    }
    return taken;
  }

  /**
   * Notes a stream that has become long. Looks at only one of many events; what it misses is found
   * later.
   */
  private void noteLongStream(CommittedEvent event) {
    long offset = event.position().offset();
    if (offset > historyMax && offset % sampleEvery == 0 && longStreams.size() < LONG_STREAMS_MAX) {
      longStreams.put(event.stream(), event.position());
    }
  }

  /**
   * Publishes committed events. The receiver must not block; an exception that it throws is logged.
   */
  void publish(List<CommittedEvent> events) {
    events.forEach(this::noteLongStream);
    Consumer<List<CommittedEvent>> target = receiver;
    if (target == null || events.isEmpty()) {
      return;
    }
    try {
      target.accept(events);
    } catch (RuntimeException failure) {
      LOG.error("{} committed events could not be published", events.size(), failure);
    }
  }
}
