package dev.rookery.fanout;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One followed topic. There may be a hundred thousand of them with one follower each, so what only
 * some need is made when it is needed. Guarded by the shard.
 */
final class Followed {
  private final List<Audience> audiences = new ArrayList<>(1);
  private @Nullable Sequence sequence;
  private boolean filling;

  /** In order, if the topic is a stream; feeds never ask for it. */
  Sequence sequence() {
    if (sequence == null) {
      sequence = new Sequence(this::deliver);
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
    for (Audience audience : audiences) {
      audience.hear(delivery);
    }
  }

  void add(Following following) {
    Audience audience = audience(following.context());
    if (audience == null) {
      audience = new Audience(following.context());
      audiences.add(audience);
    }
    audience.add(following);
  }

  void remove(Following following) {
    Audience audience = audience(following.context());
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
  private @Nullable Audience audience(Context context) {
    for (Audience audience : audiences) {
      if (audience.context() == context) {
        return audience;
      }
    }
    return null;
  }
}
