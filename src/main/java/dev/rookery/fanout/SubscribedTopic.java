package dev.rookery.fanout;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One followed topic. There may be a hundred thousand of them with one follower each, so what only
 * some need is made when it is needed. Guarded by the shard.
 */
final class SubscribedTopic {
  private final List<EventLoopSubscribers> loops = new ArrayList<>(1);
  private @Nullable Resequencer resequencer;
  private boolean filling;

  /** In order, if the topic is a stream; feeds never ask for it. */
  Resequencer resequencer() {
    if (resequencer == null) {
      resequencer = new Resequencer(this::deliver);
    }
    return resequencer;
  }

  boolean isStream() {
    return resequencer != null;
  }

  /** Whether somebody is looking for what is missing. */
  boolean isFilling() {
    return filling;
  }

  void setFilling(boolean now) {
    filling = now;
  }

  void deliver(Delivery delivery) {
    for (EventLoopSubscribers audience : loops) {
      audience.deliver(delivery);
    }
  }

  void add(Subscription following) {
    EventLoopSubscribers audience = loop(following.context());
    if (audience == null) {
      audience = new EventLoopSubscribers(following.context());
      loops.add(audience);
    }
    audience.add(following);
  }

  void remove(Subscription following) {
    EventLoopSubscribers audience = loop(following.context());
    if (audience != null) {
      audience.remove(following);
      if (audience.isEmpty()) {
        loops.remove(audience);
      }
    }
  }

  boolean isEmpty() {
    return loops.isEmpty();
  }

  /** There are as many as there are event loops: a few. */
  private @Nullable EventLoopSubscribers loop(Context context) {
    for (EventLoopSubscribers audience : loops) {
      if (audience.context() == context) {
        return audience;
      }
    }
    return null;
  }
}
