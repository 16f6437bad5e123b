package dev.rookery.fanout;

import dev.rookery.base.CatchUp;
import dev.rookery.base.Position;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of one subscriber to one topic. Confined to the context on which it was created.
 *
 * <p>To join without missing or repeating an event: subscribe, read a snapshot with its position,
 * show the snapshot, then call {@link #startAfter} with that position.
 *
 * <p>Each event of a stream after that position is delivered once and in order. Events that arrive
 * before are buffered, up to {@value #BUFFERED_MAX}; older ones are read again from the history. If
 * they are no longer there, the subscription ends with {@link Subscriber#onLost}.
 */
public final class Subscription {
  static final int BUFFERED_MAX = 100;

  private final String topic;
  private final Subscriber subscriber;
  private final Context context;
  private final Shard shard;

  private State state = State.NOT_STARTED;
  private Position startedAfter = Position.START;
  private Position lastDelivered = Position.START;
  private @Nullable ArrayDeque<Delivery> buffered;
  private int index;

  private enum State {
    NOT_STARTED,
    LIVE,
    CATCHING_UP,
    CANCELLED
  }

  Subscription(String topic, Subscriber subscriber, Context context, Shard shard) {
    this.topic = topic;
    this.subscriber = subscriber;
    this.context = context;
    this.shard = shard;
  }

  String topic() {
    return topic;
  }

  Context context() {
    return context;
  }

  String wire() {
    return subscriber.wire();
  }

  /**
   * The position up to which events were delivered; null before the start. Another thread may see
   * an earlier one: a position does not change, so it is never torn.
   */
  @Nullable Position lastDelivered() {
    return state == State.NOT_STARTED ? null : lastDelivered;
  }

  /** The index in {@link EventLoopSubscribers}; guarded by the shard. */
  int index() {
    return index;
  }

  void index(int index) {
    this.index = index;
  }

  /** Starts delivery with the first event after the position; later calls have no effect. */
  public void startAfter(Position position) {
    if (state == State.NOT_STARTED) {
      startedAfter = position;
      lastDelivered = position;
      Position reached = shard.start(topic, position);
      goLive();
      if (reached.isAfter(lastDelivered)) {
        // Deliveries that are already queued on the context come first.
        context.runOnContext(_ -> catchUpTo(reached));
      }
    }
  }

  /**
   * Reads what lies between an older snapshot of this subscriber and the newer ones of others on
   * this node: the shard has delivered those events already.
   */
  private void catchUpTo(Position reached) {
    if (state == State.LIVE && reached.isAfter(lastDelivered)) {
      catchUp(reached);
    }
  }

  /** Starts delivery with the next event; for feeds, which have no positions. */
  public void startNow() {
    startAfter(Position.START);
  }

  /** Ends the subscription; nothing is delivered any more. Idempotent. */
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
      // Leaves a gap before the buffered events, which makes accept() read the history.
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
    Position position = delivery.position();
    if (!delivery.hasPosition()) {
      subscriber.onEvent(delivery);
    } else if (position.directlyFollows(lastDelivered)) {
      lastDelivered = position;
      subscriber.onEvent(delivery);
    } else if (position.isAfter(lastDelivered)) {
      catchUp(position);
    } else if (delivery.isCorrection() && position.isAfter(startedAfter)) {
      // Its snapshot does not contain the event, so it was shown the other one.
      subscriber.onEvent(delivery);
    }
  }

  /** Ends the subscription and makes the subscriber reload. */
  void lose() {
    if (state != State.CANCELLED) {
      cancel();
      shard.countLost();
      subscriber.onLost();
    }
  }

  private void catchUp(Position upto) {
    state = State.CATCHING_UP;
    shard
        .readMissed(topic, upto.startOfGap(lastDelivered), upto)
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

  /** Tries again after the history was unavailable; nothing later is delivered until then. */
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
      lose();
    }
  }
}
