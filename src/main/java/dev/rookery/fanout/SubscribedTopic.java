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
  private final List<EventLoopSubscribers> audiences = new ArrayList<>(1);
  private @Nullable Resequencer sequence;
  private boolean filling;

  /** In order, if the topic is a stream; feeds never ask for it. */
  Resequencer sequence() {
    if (sequence == null) {
      sequence = new Resequencer(this::deliver);
    }
    return sequence;
  }

  boolean isStream() {
    return sequence != null;
  }

  /** Whether somebody is looking for what is missing. */
  boolean isFilling() {
    return filling;
  }

  void filling(boolean now) {
    filling = now;
  }

  void deliver(Delivery delivery) {
    for (EventLoopSubscribers audience : audiences) {
      audience.hear(delivery);
    }
  }

  void add(Subscription following) {
    EventLoopSubscribers audience = audience(following.context());
    if (audience == null) {
      audience = new EventLoopSubscribers(following.context());
      audiences.add(audience);
    }
    audience.add(following);
  }

  void remove(Subscription following) {
    EventLoopSubscribers audience = audience(following.context());
    if (audience != null) {
      audience.remove(following);
      if (audience.isEmpty()) {
        audiences.remove(audience);
      }
    }
  }

  boolean isEmpty() {
    return audiences.isEmpty();
  }

  /** There are as many as there are event loops: a few. */
  private @Nullable EventLoopSubscribers audience(Context context) {
    for (EventLoopSubscribers audience : audiences) {
      if (audience.context() == context) {
        return audience;
      }
    }
    return null;
  }
}
