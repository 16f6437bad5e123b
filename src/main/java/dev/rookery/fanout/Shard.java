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
  private static final long GRACE_MS = 20;

  private static final long RETRY_MS = 500;

  private final Vertx vertx;
  private final HistoryReader readings;
  private final FanOutMeters meters;
  private final Map<String, SubscribedTopic> topics = new HashMap<>();
  private final RecentPositions recent = new RecentPositions();

  Shard(Vertx vertx, HistoryReader readings, FanOutMeters meters) {
    this.vertx = vertx;
    this.readings = readings;
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

  synchronized boolean isFollowed(String topic) {
    return topics.containsKey(topic);
  }

  /** It has come so far, and nobody here follows it. */
  synchronized void pass(String stream, Position head) {
    recent.note(stream, head);
  }

  synchronized @Nullable Position recent(String stream) {
    return recent.head(stream);
  }

  synchronized Subscription follow(String topic, Subscriber follower, Context context) {
    var following = new Subscription(topic, follower, context, this);
    topics.computeIfAbsent(topic, _ -> new SubscribedTopic()).add(following);
    return following;
  }

  synchronized void unfollow(Subscription following) {
    SubscribedTopic followed = topics.get(following.topic());
    if (followed != null) {
      followed.remove(following);
      if (followed.isEmpty()) {
        topics.remove(following.topic());
      }
    }
  }

  /** How far the followers of this node have come, of which this one is now. */
  synchronized Position started(String topic, Position snapshot) {
    SubscribedTopic followed = topics.get(topic);
    if (followed == null) {
      return snapshot;
    }
    Position reached = followed.sequence().begin(snapshot);
    fillSoon(topic, followed);
    return reached;
  }

  /** On a feed, which has no order to keep. */
  synchronized void feed(String topic, CommittedEvent event) {
    SubscribedTopic followed = topics.get(topic);
    if (followed != null) {
      followed.deliver(new Delivery(topic, event));
    }
  }

  /** On the event's stream. */
  synchronized void sequence(CommittedEvent event) {
    recent.note(event.stream(), event.position());
    SubscribedTopic followed = topics.get(event.stream());
    if (followed != null) {
      followed.sequence().take(new Delivery(event.stream(), event));
      fillSoon(event.stream(), followed);
    }
  }

  /** The stream is known to have come so far. */
  synchronized void notice(String stream, Position head) {
    SubscribedTopic followed = topics.get(stream);
    if (followed != null) {
      followed.sequence().hear(head);
      fillSoon(stream, followed);
    }
  }

  private void fillSoon(String stream, SubscribedTopic followed) {
    if (!followed.isFilling() && followed.sequence().missingUpto() != null) {
      followed.filling(true);
      vertx.setTimer(GRACE_MS, _ -> fill(stream, followed, true));
    }
  }

  private synchronized void fill(String stream, SubscribedTopic followed, boolean first) {
    Position upto = followed.sequence().missingUpto();
    if (upto == null || topics.get(stream) != followed) {
      followed.filling(false);
      return;
    }
    if (first) {
      meters.gaps.increment();
    }
    readings
        .read(stream, followed.sequence().missingSince(), upto)
        .onSuccess(missed -> filled(stream, followed, missed))
        .onFailure(_ -> later(() -> fill(stream, followed, false)));
  }

  private synchronized void filled(
      String stream, SubscribedTopic followed, CatchUp<Delivery> missed) {
    if (missed instanceof CatchUp.Events<Delivery>(var events, _)) {
      meters.filled.increment(events.size());
      events.forEach(followed.sequence()::take);
    } else {
      followed.sequence().skip();
    }
    fill(stream, followed, false);
  }

  /** What one follower needs of the history. */
  Future<CatchUp<Delivery>> missed(String stream, Position after, Position upto) {
    return readings.read(stream, after, upto);
  }

  void later(Runnable again) {
    vertx.setTimer(RETRY_MS, _ -> again.run());
  }

  void countLost() {
    meters.lost.increment();
  }
}
