package dev.rookery.fanout;

import dev.rookery.base.CatchUp;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subscribed topics of one shard. All state is guarded by the shard's monitor, which is never
 * held across I/O.
 *
 * <p>A gap is filled here once for all subscribers of the node. A gap that cannot be filled is left
 * to each {@link Subscription}, which never delivers an event that is not the next one.
 */
final class Shard {
  /**
   * Delay before a gap is read: commits of two nodes may overtake each other on the bus, and
   * usually both arrive shortly after.
   */
  private static final long FILL_DELAY_MS = 20;

  private static final long RETRY_MS = 500;

  private final Vertx vertx;
  private final HistoryReader historyReader;
  private final FanOutMeters meters;
  private final Map<String, SubscribedTopic> topics = new HashMap<>();
  private final RecentPositions recentPositions = new RecentPositions();

  Shard(Vertx vertx, HistoryReader historyReader, FanOutMeters meters) {
    this.vertx = vertx;
    this.historyReader = historyReader;
    this.meters = meters;
  }

  synchronized int topics() {
    return topics.size();
  }

  /** The streams on which delivery has started, without feeds. */
  synchronized List<String> streams() {
    return topics.entrySet().stream()
        .filter(topic -> topic.getValue().isStream())
        .map(Map.Entry::getKey)
        .toList();
  }

  synchronized boolean hasSubscribers(String topic) {
    return topics.containsKey(topic);
  }

  /** Notes the position of a stream without subscribers. */
  synchronized void recordPosition(String stream, Position head) {
    recentPositions.update(stream, head);
  }

  synchronized @Nullable Position recentPosition(String stream) {
    return recentPositions.get(stream);
  }

  synchronized Subscription subscribe(String topic, Subscriber subscriber, Context context) {
    var subscription = new Subscription(topic, subscriber, context, this);
    topics.computeIfAbsent(topic, _ -> new SubscribedTopic()).add(subscription);
    return subscription;
  }

  synchronized void unsubscribe(Subscription subscription) {
    SubscribedTopic topic = topics.get(subscription.topic());
    if (topic != null) {
      topic.remove(subscription);
      if (topic.isEmpty()) {
        topics.remove(subscription.topic());
      }
    }
  }

  /**
   * Starts a subscription after its snapshot; returns the position that this node has delivered.
   */
  synchronized Position start(String stream, Position snapshot) {
    SubscribedTopic topic = topics.get(stream);
    if (topic == null) {
      return snapshot;
    }
    Position reached = topic.resequencer().start(snapshot);
    scheduleFill(stream, topic);
    return reached;
  }

  /** Delivers an event to the subscribers of a feed, unordered. */
  synchronized void deliverToFeed(String feed, CommittedEvent event) {
    SubscribedTopic topic = topics.get(feed);
    if (topic != null) {
      topic.deliver(new Delivery(feed, event));
    }
  }

  /** Delivers an event to the subscribers of its stream, in order. */
  synchronized void deliverInOrder(CommittedEvent event) {
    recentPositions.update(event.stream(), event.position());
    SubscribedTopic topic = topics.get(event.stream());
    if (topic != null) {
      topic.resequencer().accept(new Delivery(event.stream(), event));
      scheduleFill(event.stream(), topic);
    }
  }

  /** Notes the head of a stream, and fills the gap if its events have not arrived. */
  synchronized void observeHead(String stream, Position head) {
    SubscribedTopic topic = topics.get(stream);
    if (topic != null) {
      topic.resequencer().observe(head);
      scheduleFill(stream, topic);
    }
  }

  private void scheduleFill(String stream, SubscribedTopic topic) {
    if (!topic.isFilling() && topic.resequencer().missingUpto() != null) {
      topic.setFilling(true);
      vertx.setTimer(FILL_DELAY_MS, _ -> fill(stream, topic, true));
    }
  }

  private synchronized void fill(String stream, SubscribedTopic topic, boolean first) {
    Position upto = topic.resequencer().missingUpto();
    if (upto == null || topics.get(stream) != topic) {
      topic.setFilling(false);
      return;
    }
    if (first) {
      meters.gaps.increment();
    }
    historyReader
        .read(stream, topic.resequencer().missingSince(), upto)
        .onSuccess(missed -> applyFill(stream, topic, missed))
        .onFailure(_ -> retryLater(() -> fill(stream, topic, false)));
  }

  private synchronized void applyFill(
      String stream, SubscribedTopic topic, CatchUp<Delivery> missed) {
    if (missed instanceof CatchUp.Events<Delivery>(var events, _)) {
      meters.filled.increment(events.size());
      events.forEach(topic.resequencer()::accept);
    } else {
      topic.resequencer().skipGap();
    }
    fill(stream, topic, false);
  }

  /** Reads events that a single subscription has missed. */
  Future<CatchUp<Delivery>> readMissed(String stream, Position after, Position upto) {
    return historyReader.read(stream, after, upto);
  }

  void retryLater(Runnable again) {
    vertx.setTimer(RETRY_MS, _ -> again.run());
  }

  void countLost() {
    meters.lost.increment();
  }
}
