package dev.rookery.fanout;

import dev.rookery.base.Position;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A topic with at least one subscriber on this node. There may be a hundred thousand with one
 * subscriber each, so its parts are created on demand. Guarded by the shard.
 */
final class SubscribedTopic {
  private final List<EventLoopSubscribers> groups = new ArrayList<>(1);
  private @Nullable Resequencer resequencer;
  private boolean filling;
  private boolean verifying;

  /** The resequencer of a stream, created on first use; feeds have none. */
  Resequencer resequencer(RecentContents delivered) {
    if (resequencer == null) {
      resequencer = new Resequencer(this::deliver, delivered);
    }
    return resequencer;
  }

  /** The position of the last delivered event; null for feeds, and before the start. */
  @Nullable Position lastDelivered() {
    return resequencer == null ? null : resequencer.lastDelivered();
  }

  boolean isStream() {
    return resequencer != null;
  }

  /** Whether a read of missing events is scheduled or in flight. */
  boolean isFilling() {
    return filling;
  }

  void setFilling(boolean filling) {
    this.filling = filling;
  }

  /** Whether a contradiction is being decided by the history. */
  boolean isVerifying() {
    return verifying;
  }

  void setVerifying(boolean verifying) {
    this.verifying = verifying;
  }

  /** Makes all subscribers reload. */
  void lose() {
    for (EventLoopSubscribers group : groups) {
      group.lose();
    }
  }

  void deliver(Delivery delivery) {
    for (EventLoopSubscribers group : groups) {
      group.deliver(delivery);
    }
  }

  /** The subscriptions as they are, by event loop. */
  List<List<Subscription>> subscriptions() {
    return groups.stream().map(EventLoopSubscribers::snapshot).toList();
  }

  void add(Subscription subscription) {
    EventLoopSubscribers group = group(subscription.context());
    if (group == null) {
      group = new EventLoopSubscribers(subscription.context());
      groups.add(group);
    }
    group.add(subscription);
  }

  void remove(Subscription subscription) {
    EventLoopSubscribers group = group(subscription.context());
    if (group != null) {
      group.remove(subscription);
      if (group.isEmpty()) {
        groups.remove(group);
      }
    }
  }

  boolean isEmpty() {
    return groups.isEmpty();
  }

  /** A linear search, because there is at most one entry per event loop. */
  private @Nullable EventLoopSubscribers group(Context context) {
    for (EventLoopSubscribers group : groups) {
      if (group.context() == context) {
        return group;
      }
    }
    return null;
  }
}
