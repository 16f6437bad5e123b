package dev.rookery.fanout;

import io.vertx.core.Context;
import java.util.Arrays;

/**
 * The followers of one topic on one event loop. Most topics have a single one, some ten thousand:
 * an array that grows, in which each follower knows his place. Guarded by the shard; what was
 * handed out is never changed again.
 */
final class EventLoopSubscribers {
  private final Context context;
  private Subscription[] members = new Subscription[1];
  private int size;
  private boolean shared;

  EventLoopSubscribers(Context context) {
    this.context = context;
  }

  Context context() {
    return context;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(Subscription following) {
    if (shared || size == members.length) {
      members = Arrays.copyOf(members, size < members.length ? members.length : 2 * size);
      shared = false;
    }
    following.index(size);
    members[size++] = following;
  }

  void remove(Subscription following) {
    if (shared) {
      members = members.clone();
      shared = false;
    }
    size--;
    Subscription last = members[size];
    members[following.index()] = last;
    last.index(following.index());
    members[size] = null;
    if (size < members.length / 4) {
      members = Arrays.copyOf(members, members.length / 2);
    }
  }

  /** One task for all of them. */
  void deliver(Delivery delivery) {
    Subscription[] now = members;
    int count = size;
    shared = true;
    context.runOnContext(
        _ -> {
          for (int i = 0; i < count; i++) {
            now[i].receive(delivery);
          }
        });
  }
}
