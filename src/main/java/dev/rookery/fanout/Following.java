package dev.rookery.fanout;

import dev.rookery.base.Position;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One follower's hold on one topic. Confined to the context it was made on.
 *
 * <p>The way to join without missing or repeating anything: follow, read a snapshot with its
 * position, show the snapshot, then call {@link #from} with that position.
 */
public final class Following {
  private static final int KEPT_MAX = 1_000;

  private final String topic;
  private final Follower follower;
  private final Context context;
  private final BiConsumer<Following, Position> started;
  private final Consumer<Following> ended;

  private @Nullable List<Delivery> kept = new ArrayList<>();
  private @Nullable Position known;
  private boolean over;

  Following(
      String topic,
      Follower follower,
      Context context,
      BiConsumer<Following, Position> started,
      Consumer<Following> ended) {
    this.topic = topic;
    this.follower = follower;
    this.context = context;
    this.started = started;
    this.ended = ended;
  }

  String topic() {
    return topic;
  }

  Context context() {
    return context;
  }

  /** Hears from now on whatever is newer than the position. */
  public void from(Position position) {
    known = position;
    started.accept(this, position);
    List<Delivery> waiting = kept;
    kept = null;
    if (waiting != null) {
      waiting.forEach(this::hear);
    }
  }

  /** Hears from now on whatever comes; for feeds, which have no positions. */
  public void fromNow() {
    from(Position.START);
  }

  /** Ends it; nothing is heard any more. Harmless when repeated. */
  public void end() {
    if (!over) {
      over = true;
      ended.accept(this);
    }
  }

  void hear(Delivery delivery) {
    if (over) {
      return;
    }
    if (kept != null) {
      if (kept.size() == KEPT_MAX) {
        // The snapshot did not come while a thousand events did; whoever waits for it must reload.
        kept.removeFirst();
      }
      kept.add(delivery);
      return;
    }
    if (delivery.positioned()) {
      Position here = delivery.posted().position();
      if (known != null && here.isIn(known)) {
        return;
      }
      known = here;
    }
    follower.hear(delivery);
  }
}
