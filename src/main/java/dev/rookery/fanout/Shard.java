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
 * The topics of one shard; all of their state is guarded by its monitor, held for moments only.
 *
 * <p>Here a gap is filled once for all followers of the node. What is not found is left to each of
 * them: a {@link Subscription} never lets its follower hear what does not come next.
 */
final class Shard {
  /** Commits of two nodes may well overtake each other on their way; soon both are here. */
  private static final long FILL_DELAY_MS = 20;

  private static final long RETRY_MS = 500;

  private final Vertx vertx;
  private final HistoryReader historyReader;
  private final FanOutMeters meters;
  private final Map<String, SubscribedTopic> topics = new HashMap<>();
  private final RecentPositions recentPositions = new RecentPositions();

  Shard(Vertx vertx, HistoryReader readings, FanOutMeters meters) {
    this.vertx = vertx;
    this.historyReader = readings;
    this.meters = meters;
  }

  synchronized int topics() {
    return topics.size();
  }

  /** Those that have begun; a feed is none. */
  synchronized List<String> streams() {
    return topics.entrySet().stream()
        .filter(topic -> topic.getValue().isStream())
        .map(Map.Entry::getKey)
        .toList();
  }

  synchronized boolean hasSubscribers(String topic) {
    return topics.containsKey(topic);
  }

  /** It has come so far, and nobody here follows it. */
  synchronized void recordPosition(String stream, Position head) {
    recentPositions.update(stream, head);
  }

  synchronized @Nullable Position recentPosition(String stream) {
    return recentPositions.get(stream);
  }

  synchronized Subscription subscribe(String topic, Subscriber follower, Context context) {
    var following = new Subscription(topic, follower, context, this);
    topics.computeIfAbsent(topic, _ -> new SubscribedTopic()).add(following);
    return following;
  }

  synchronized void unsubscribe(Subscription following) {
    SubscribedTopic followed = topics.get(following.topic());
    if (followed != null) {
      followed.remove(following);
      if (followed.isEmpty()) {
        topics.remove(following.topic());
      }
    }
  }

  /** How far the followers of this node have come, of which this one is now. */
  synchronized Position start(String topic, Position snapshot) {
    SubscribedTopic followed = topics.get(topic);
    if (followed == null) {
      return snapshot;
    }
    Position reached = followed.resequencer().start(snapshot);
    scheduleFill(topic, followed);
    return reached;
  }

  /** On a feed, which has no order to keep. */
  synchronized void deliverToFeed(String topic, CommittedEvent event) {
    SubscribedTopic followed = topics.get(topic);
    if (followed != null) {
      followed.deliver(new Delivery(topic, event));
    }
  }

  /** On the event's stream. */
  synchronized void deliverInOrder(CommittedEvent event) {
    recentPositions.update(event.stream(), event.position());
    SubscribedTopic followed = topics.get(event.stream());
    if (followed != null) {
      followed.resequencer().accept(new Delivery(event.stream(), event));
      scheduleFill(event.stream(), followed);
    }
  }

  /** The stream is known to have come so far. */
  synchronized void observeHead(String stream, Position head) {
    SubscribedTopic followed = topics.get(stream);
    if (followed != null) {
      followed.resequencer().observe(head);
      scheduleFill(stream, followed);
    }
  }

  private void scheduleFill(String stream, SubscribedTopic followed) {
    if (!followed.isFilling() && followed.resequencer().missingUpto() != null) {
      followed.setFilling(true);
      vertx.setTimer(FILL_DELAY_MS, _ -> fill(stream, followed, true));
    }
  }

  private synchronized void fill(String stream, SubscribedTopic followed, boolean first) {
    Position upto = followed.resequencer().missingUpto();
    if (upto == null || topics.get(stream) != followed) {
      followed.setFilling(false);
      return;
    }
    if (first) {
      meters.gaps.increment();
    }
    historyReader
        .read(stream, followed.resequencer().missingSince(), upto)
        .onSuccess(missed -> applyFill(stream, followed, missed))
        .onFailure(_ -> retryLater(() -> fill(stream, followed, false)));
  }

  private synchronized void applyFill(
      String stream, SubscribedTopic followed, CatchUp<Delivery> missed) {
    if (missed instanceof CatchUp.Events<Delivery>(var events, _)) {
      meters.filled.increment(events.size());
      events.forEach(followed.resequencer()::accept);
    } else {
      followed.resequencer().skipGap();
    }
    fill(stream, followed, false);
  }

  /** What one follower needs of the history. */
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
