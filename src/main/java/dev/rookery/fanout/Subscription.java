package dev.rookery.fanout;

import dev.rookery.base.CatchUp;
import dev.rookery.base.Position;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One follower's hold on one topic. Confined to the context it was made on.
 *
 * <p>The way to join without missing or repeating anything: follow, read a snapshot with its
 * position, show the snapshot, then call {@link #startAfter} with that position.
 *
 * <p>Of a stream the follower hears each event after that position once and in order. What comes
 * while it does not listen yet is kept up to a bound, and read again from the history if that was
 * not enough; if it is not there any more either, the follower is told that it is lost.
 */
public final class Subscription {
  static final int BUFFERED_MAX = 100;

  private final String topic;
  private final Subscriber subscriber;
  private final Context context;
  private final Shard shard;

  private State state = State.NOT_STARTED;
  private Position lastDelivered = Position.START;
  private @Nullable ArrayDeque<Delivery> buffered;
  private int index;

  private enum State {
    NOT_STARTED,
    LIVE,
    CATCHING_UP,
    CANCELLED
  }

  Subscription(String topic, Subscriber follower, Context context, Shard shard) {
    this.topic = topic;
    this.subscriber = follower;
    this.context = context;
    this.shard = shard;
  }

  String topic() {
    return topic;
  }

  Context context() {
    return context;
  }

  /** Among those who follow the topic from the same context; the shard's business. */
  int index() {
    return index;
  }

  void index(int now) {
    index = now;
  }

  /** Hears from now on whatever is newer than the position. */
  public void startAfter(Position position) {
    if (state == State.NOT_STARTED) {
      lastDelivered = position;
      Position reached = shard.start(topic, position);
      goLive();
      if (reached.isAfter(lastDelivered)) {
        // Whatever was on its way to this follower before is heard before this.
        context.runOnContext(_ -> catchUpTo(reached));
      }
    }
  }

  /**
   * Others on this node began further on, with later snapshots. What was before those is not
   * delivered any more.
   */
  private void catchUpTo(Position reached) {
    if (state == State.LIVE && reached.isAfter(lastDelivered)) {
      catchUp(reached);
    }
  }

  /** Hears from now on whatever comes; for feeds, which have no positions. */
  public void startNow() {
    startAfter(Position.START);
  }

  /** Ends it; nothing is heard any more. Harmless when repeated. */
  public void cancel() {
    if (state != State.CANCELLED) {
      state = State.CANCELLED;
      buffered = null;
      shard.unsubscribe(this);
    }
  }

  void receive(Delivery delivery) {
    switch (state) {
      case LIVE -> accept(delivery);
      case NOT_STARTED, CATCHING_UP -> buffer(delivery);
      case CANCELLED -> {}
    }
  }

  private void buffer(Delivery delivery) {
    if (buffered == null) {
      buffered = new ArrayDeque<>(2);
    }
    if (buffered.size() == BUFFERED_MAX) {
      // Those that are left do not follow what is known then, and the history is asked.
      buffered.removeFirst();
    }
    buffered.addLast(delivery);
  }

  private void goLive() {
    state = State.LIVE;
    while (state == State.LIVE && buffered != null) {
      accept(buffered.removeFirst());
      if (buffered != null && buffered.isEmpty()) {
        buffered = null;
      }
    }
  }

  private void accept(Delivery delivery) {
    Position here = delivery.position();
    if (!delivery.hasPosition()) {
      subscriber.onEvent(delivery);
    } else if (here.isNextAfter(lastDelivered)) {
      lastDelivered = here;
      subscriber.onEvent(delivery);
    } else if (here.isAfter(lastDelivered)) {
      catchUp(here);
    }
  }

  private void catchUp(Position upto) {
    state = State.CATCHING_UP;
    shard
        .readMissed(topic, upto.missedSince(lastDelivered), upto)
        .onComplete(
            read ->
                context.runOnContext(
                    _ -> {
                      if (state == State.CATCHING_UP) {
                        if (read.succeeded()) {
                          caughtUp(read.result(), upto);
                        } else {
                          shard.retryLater(() -> context.runOnContext(_ -> retryCatchUp(upto)));
                        }
                      }
                    }));
  }

  /** The history is away: nothing later is heard before it is back. */
  private void retryCatchUp(Position upto) {
    if (state == State.CATCHING_UP) {
      catchUp(upto);
    }
  }

  private void caughtUp(CatchUp<Delivery> missed, Position upto) {
    if (missed instanceof CatchUp.Events<Delivery>(var events, var more)) {
      for (Delivery delivery : events) {
        if (state == State.CANCELLED) {
          return;
        }
        lastDelivered = delivery.position();
        subscriber.onEvent(delivery);
      }
      if (more && upto.isAfter(lastDelivered)) {
        catchUp(upto);
      } else if (state == State.CATCHING_UP) {
        goLive();
      }
    } else {
      cancel();
      shard.countLost();
      subscriber.onLost();
    }
  }
}
