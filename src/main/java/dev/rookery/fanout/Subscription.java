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
 * position, show the snapshot, then call {@link #from} with that position.
 *
 * <p>Of a stream the follower hears each event after that position once and in order. What comes
 * while it does not listen yet is kept up to a bound, and read again from the history if that was
 * not enough; if it is not there any more either, the follower is told that it is lost.
 */
public final class Subscription {
  static final int KEPT_MAX = 100;

  private final String topic;
  private final Subscriber follower;
  private final Context context;
  private final Shard shard;

  private State state = State.WAITING;
  private Position known = Position.START;
  private @Nullable ArrayDeque<Delivery> kept;
  private int place;

  private enum State {
    WAITING,
    LISTENING,
    BEHIND,
    OVER
  }

  Subscription(String topic, Subscriber follower, Context context, Shard shard) {
    this.topic = topic;
    this.follower = follower;
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
  int place() {
    return place;
  }

  void place(int now) {
    place = now;
  }

  /** Hears from now on whatever is newer than the position. */
  public void from(Position position) {
    if (state == State.WAITING) {
      known = position;
      Position reached = shard.started(topic, position);
      listen();
      if (reached.isAfter(known)) {
        // Whatever was on its way to this follower before is heard before this.
        context.runOnContext(_ -> reach(reached));
      }
    }
  }

  /**
   * Others on this node began further on, with later snapshots. What was before those is not
   * delivered any more.
   */
  private void reach(Position reached) {
    if (state == State.LISTENING && reached.isAfter(known)) {
      catchUp(reached);
    }
  }

  /** Hears from now on whatever comes; for feeds, which have no positions. */
  public void fromNow() {
    from(Position.START);
  }

  /** Ends it; nothing is heard any more. Harmless when repeated. */
  public void end() {
    if (state != State.OVER) {
      state = State.OVER;
      kept = null;
      shard.unfollow(this);
    }
  }

  void hear(Delivery delivery) {
    switch (state) {
      case LISTENING -> take(delivery);
      case WAITING, BEHIND -> keep(delivery);
      case OVER -> {}
    }
  }

  private void keep(Delivery delivery) {
    if (kept == null) {
      kept = new ArrayDeque<>(2);
    }
    if (kept.size() == KEPT_MAX) {
      // Those that are left do not follow what is known then, and the history is asked.
      kept.removeFirst();
    }
    kept.addLast(delivery);
  }

  private void listen() {
    state = State.LISTENING;
    while (state == State.LISTENING && kept != null) {
      take(kept.removeFirst());
      if (kept != null && kept.isEmpty()) {
        kept = null;
      }
    }
  }

  private void take(Delivery delivery) {
    Position here = delivery.position();
    if (!delivery.positioned()) {
      follower.hear(delivery);
    } else if (here.isNextAfter(known)) {
      known = here;
      follower.hear(delivery);
    } else if (here.isAfter(known)) {
      catchUp(here);
    }
  }

  private void catchUp(Position upto) {
    state = State.BEHIND;
    shard
        .missed(topic, upto.missedSince(known), upto)
        .onComplete(
            read ->
                context.runOnContext(
                    _ -> {
                      if (state == State.BEHIND) {
                        if (read.succeeded()) {
                          caughtUp(read.result(), upto);
                        } else {
                          shard.later(() -> context.runOnContext(_ -> again(upto)));
                        }
                      }
                    }));
  }

  /** The history is away: nothing later is heard before it is back. */
  private void again(Position upto) {
    if (state == State.BEHIND) {
      catchUp(upto);
    }
  }

  private void caughtUp(CatchUp<Delivery> missed, Position upto) {
    if (missed instanceof CatchUp.Events<Delivery>(var events, var more)) {
      for (Delivery delivery : events) {
        if (state == State.OVER) {
          return;
        }
        known = delivery.position();
        follower.hear(delivery);
      }
      if (more && upto.isAfter(known)) {
        catchUp(upto);
      } else if (state == State.BEHIND) {
        listen();
      }
    } else {
      end();
      shard.countLost();
      follower.lost();
    }
  }
}
