package dev.rookery.fanout;

import io.vertx.core.Context;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The subscriptions of one topic on one event loop: a growing array in which each subscription
 * knows its index, so that removal takes constant time. Most topics have one subscriber, some ten
 * thousand. Guarded by the shard; an array that was handed out is copied before it is changed.
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

  void add(Subscription subscription) {
    if (shared || size == members.length) {
      members = Arrays.copyOf(members, size < members.length ? members.length : 2 * size);
      shared = false;
    }
    subscription.index(size);
    members[size++] = subscription;
  }

  void remove(Subscription subscription) {
    if (shared) {
      members = members.clone();
      shared = false;
    }
    size--;
    Subscription last = members[size];
    members[subscription.index()] = last;
    last.index(subscription.index());
    members[size] = null;
    if (size < members.length / 4) {
      members = Arrays.copyOf(members, members.length / 2);
    }
  }

  /** All of them as they are, without a copy. */
  List<Subscription> snapshot() {
    shared = true;
    return Arrays.asList(members).subList(0, size);
  }

  /** Delivers to all of them in one task on the event loop. */
  void deliver(Delivery delivery) {
    forEach(subscription -> subscription.receive(delivery));
  }

  /** Makes all of them reload. */
  void lose() {
    forEach(Subscription::lose);
  }

  private void forEach(Consumer<Subscription> action) {
    Subscription[] snapshot = members;
    int count = size;
    shared = true;
    context.runOnContext(
        _ -> {
          for (int i = 0; i < count; i++) {
            action.accept(snapshot[i]);
          }
        });
  }
}
