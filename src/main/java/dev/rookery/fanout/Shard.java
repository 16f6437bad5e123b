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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscribed topics of one shard. All state is guarded by the shard's monitor, which is never
 * held across I/O.
 *
 * <p>A gap is filled here once for all subscribers of the node. A gap that cannot be filled is left
 * to each {@link Subscription}, which never delivers an event that is not the next one.
 *
 * <p>The history decides where the bus contradicts it or itself. Of two events with one position
 * the stored one is delivered, also if the other one was first. Positions that the stream has not
 * reached are not believed; subscribers that were shown such events must reload.
 */
final class Shard {
  /**
   * Delay before a gap is read: commits of two nodes may overtake each other on the bus, and
   * usually both arrive shortly after.
   */
  private static final long FILL_DELAY_MS = 20;

  private static final long RETRY_MS = 500;

  private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

  private final Vertx vertx;
  private final EventHistory history;
  private final HistoryReader historyReader;
  private final FanOutMeters meters;
  private final Map<String, SubscribedTopic> topics = new HashMap<>();
  private final RecentPositions recentPositions = new RecentPositions();
  private final RecentContents recentContents = new RecentContents();

  Shard(Vertx vertx, EventHistory history, HistoryReader historyReader, FanOutMeters meters) {
    this.vertx = vertx;
    this.history = history;
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

  /** The followers of a topic, by wire. They are counted while events go on to be delivered. */
  List<Followers> followers(String topic) {
    var counts = new FollowerCounts();
    subscriptions(topic).forEach(group -> group.forEach(counts::add));
    return counts.list();
  }

  private synchronized List<List<Subscription>> subscriptions(String topic) {
    SubscribedTopic found = topics.get(topic);
    return found == null ? List.of() : found.subscriptions();
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
    Position reached = topic.resequencer(recentContents).start(snapshot);
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
      if (!resequencer(topic).accept(new Delivery(event.stream(), event))) {
        verify(event.stream(), topic, event.position());
      }
      scheduleFill(event.stream(), topic);
    }
  }

  /** Notes the head of a stream, and fills the gap if its events have not arrived. */
  synchronized void observeHead(String stream, Position head) {
    SubscribedTopic topic = topics.get(stream);
    if (topic != null) {
      resequencer(topic).observe(head);
      scheduleFill(stream, topic);
    }
  }

  /** The position that was delivered last; null without subscribers, or before the start. */
  synchronized @Nullable Position lastDelivered(String stream) {
    SubscribedTopic topic = topics.get(stream);
    return topic == null ? null : topic.lastDelivered();
  }

  /**
   * Notes the head of a stream that was read after {@code delivered} had been delivered: if it is
   * lower, what was delivered does not exist, and the subscribers must reload.
   */
  synchronized void correctHead(String stream, Position delivered, Position head) {
    SubscribedTopic topic = topics.get(stream);
    if (topic == null || !delivered.isAfter(head)) {
      return;
    }
    meters.conflicts.increment();
    LOG.warn("events of {} were delivered that do not exist; its subscribers reload", stream);
    resequencer(topic).rewind(head);
    recentPositions.replace(stream, head);
    topic.lose();
  }

  private Resequencer resequencer(SubscribedTopic topic) {
    return topic.resequencer(recentContents);
  }

  /**
   * Lets the history decide which event has a position, after two different ones were received.
   * While it is read, further contradictions of the stream are left to the next one of them.
   */
  private void verify(String stream, SubscribedTopic topic, Position position) {
    Position delivered = topic.lastDelivered();
    if (topic.isVerifying() || delivered == null) {
      return;
    }
    meters.conflicts.increment();
    topic.setVerifying(true);
    history
        .readHeads(List.of(stream))
        .compose(
            heads -> {
              Position head = heads.get(stream);
              if (head != null) {
                correctHead(stream, delivered, head);
              }
              return historyReader.read(stream, position.previous(), position);
            })
        .onSuccess(found -> correct(stream, topic, position, found))
        .onComplete(_ -> endVerification(topic));
  }

  private synchronized void endVerification(SubscribedTopic topic) {
    topic.setVerifying(false);
  }

  private synchronized void correct(
      String stream, SubscribedTopic topic, Position position, CatchUp<Delivery> found) {
    if (topics.get(stream) != topic
        || !(found instanceof CatchUp.Events<Delivery>(var events, _))) {
      return;
    }
    Delivery stored = events.getFirst();
    Position last = topic.lastDelivered();
    boolean passed = last != null && !position.isAfter(last);
    if (passed
        && stored.position().equals(position)
        && Boolean.FALSE.equals(recentContents.isSame(stored.posted()))) {
      LOG.warn("another event than the stored one was delivered in {}; it is corrected", stream);
      recentContents.add(stored.posted());
      topic.deliver(stored.asCorrection());
    }
  }

  private void scheduleFill(String stream, SubscribedTopic topic) {
    if (!topic.isFilling() && resequencer(topic).missingUpto() != null) {
      topic.setFilling(true);
      vertx.setTimer(FILL_DELAY_MS, _ -> fill(stream, topic, true));
    }
  }

  private synchronized void fill(String stream, SubscribedTopic topic, boolean first) {
    Position upto = resequencer(topic).missingUpto();
    if (upto == null || topics.get(stream) != topic) {
      topic.setFilling(false);
      return;
    }
    if (first) {
      meters.gaps.increment();
    }
    historyReader
        .read(stream, resequencer(topic).missingSince(), upto)
        .compose(missed -> withHead(stream, missed))
        .onSuccess(missed -> applyFill(stream, topic, upto, missed))
        .onFailure(_ -> retryLater(() -> fill(stream, topic, false)));
  }

  /** What the history has of a gap, and the head of the stream if that does not fill it. */
  private record Fill(CatchUp<Delivery> missed, @Nullable Position head) {}

  /** A stream without a head has no events, and those of the bus were committed just now. */
  private Future<Fill> withHead(String stream, CatchUp<Delivery> missed) {
    return missed instanceof CatchUp.Events<Delivery>
        ? Future.succeededFuture(new Fill(missed, null))
        : history
            .readHeads(List.of(stream))
            .map(heads -> new Fill(missed, heads.getOrDefault(stream, Position.START)));
  }

  private synchronized void applyFill(
      String stream, SubscribedTopic topic, Position upto, Fill fill) {
    if (fill.missed() instanceof CatchUp.Events<Delivery>(var events, _)) {
      meters.filled.increment(events.size());
      for (Delivery contradicted : resequencer(topic).acceptStored(events)) {
        verify(stream, topic, contradicted.position());
      }
    } else if (fill.head() != null && upto.isAfter(fill.head())) {
      // The stream has not reached the position that somebody announced. What is true of the
      // rest comes from the history, when the next event or the gap detector shows the gap.
      meters.conflicts.increment();
      LOG.warn("events of {} were announced that do not exist; they are dropped", stream);
      resequencer(topic).discardBuffered();
    } else {
      resequencer(topic).skipGap();
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
