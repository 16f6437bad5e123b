package dev.rookery.fanout;

import dev.rookery.base.Position;
import dev.rookery.base.Posted;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The topics of one shard; all of its state is guarded by its monitor, held for moments only. */
final class Shard {
  private static final int HELD_MAX = 1_000;
  private static final int MISSING_MAX = 500;
  private static final long RETRY_MS = 500;

  private final Vertx vertx;
  private final History history;
  private final Counter gaps;
  private final Map<String, Followed> followed = new HashMap<>();

  Shard(Vertx vertx, History history, MeterRegistry meters) {
    this.vertx = vertx;
    this.history = history;
    this.gaps = meters.counter("rookery.fanout.gaps");
  }

  synchronized int topics() {
    return followed.size();
  }

  synchronized boolean isFollowed(String topic) {
    return followed.containsKey(topic);
  }

  synchronized Following follow(String topic, Follower follower, Context context) {
    Followed entry = followed.computeIfAbsent(topic, _ -> new Followed());
    var following = new Following(topic, follower, context, this::started, this::unfollow);
    entry.followings.computeIfAbsent(context, _ -> new Audience()).add(following);
    return following;
  }

  private synchronized void unfollow(Following following) {
    Followed entry = followed.get(following.topic());
    if (entry == null) {
      return;
    }
    Audience audience = entry.followings.get(following.context());
    if (audience == null || !audience.remove(following)) {
      return;
    }
    if (audience.isEmpty()) {
      entry.followings.remove(following.context());
    }
    if (entry.followings.isEmpty()) {
      followed.remove(following.topic());
    }
  }

  /** The first follower's snapshot tells where the node's view of the stream begins. */
  private synchronized void started(Following following, Position position) {
    Followed entry = followed.get(following.topic());
    if (entry != null && entry.last == null) {
      entry.last = position;
      var held = new ArrayList<>(entry.held.values());
      entry.held.clear();
      held.forEach(this::sequence);
    }
  }

  synchronized void feed(String topic, Posted event) {
    Followed entry = followed.get(topic);
    if (entry != null) {
      entry.deliver(new Delivery(topic, event));
    }
  }

  synchronized void sequence(Posted event) {
    Followed entry = followed.get(event.stream());
    if (entry == null) {
      return;
    }
    Position last = entry.last;
    Position here = event.position();
    if (last == null || entry.filling) {
      entry.hold(event);
    } else if (last.epoch() != here.epoch()) {
      // The stream began anew, or this is its first event of all.
      if (here.epoch() > last.epoch()) {
        if (here.offset() == 1) {
          entry.advance(event);
        } else {
          entry.hold(event);
          fill(event.stream(), entry, new Position(here.epoch(), 0));
        }
      }
    } else if (here.offset() == last.offset() + 1) {
      entry.advance(event);
    } else if (here.offset() > last.offset()) {
      entry.hold(event);
      fill(event.stream(), entry, last);
    }
  }

  private void fill(String stream, Followed entry, Position after) {
    entry.filling = true;
    gaps.increment();
    read(stream, entry, after);
  }

  private void read(String stream, Followed entry, Position after) {
    history
        .after(stream, after, MISSING_MAX)
        .onSuccess(missing -> filled(stream, entry, after, missing))
        .onFailure(_ -> vertx.setTimer(RETRY_MS, _ -> again(stream, entry, after)));
  }

  /** The history is away: nothing later is delivered until it is back, or nobody follows. */
  private synchronized void again(String stream, Followed entry, Position after) {
    if (followed.get(stream) == entry) {
      read(stream, entry, after);
    }
  }

  private synchronized void filled(
      String stream, Followed entry, Position after, List<Posted> missing) {
    Position last = after;
    for (Posted event : missing) {
      if (!event.position().isIn(last)) {
        entry.advance(event);
        last = event.position();
      }
    }
    entry.last = last;
    if (missing.size() == MISSING_MAX) {
      read(stream, entry, last);
      return;
    }
    entry.filling = false;
    // What still does not follow is out of reach of the history: go on with what there is.
    var held = new ArrayList<>(entry.held.values());
    entry.held.clear();
    for (Posted event : held) {
      if (!event.position().isIn(last)) {
        entry.advance(event);
        last = event.position();
      }
    }
  }

  /** One followed topic. */
  private final class Followed {
    private final Map<Context, Audience> followings = new HashMap<>();
    private final TreeMap<Position, Posted> held =
        new TreeMap<>(
            Comparator.comparingLong(Position::epoch).thenComparingLong(Position::offset));
    private @Nullable Position last;
    private boolean filling;

    void hold(Posted event) {
      held.put(event.position(), event);
      if (held.size() > HELD_MAX) {
        // The history has it; a follower this far behind reads it from there.
        held.pollLastEntry();
      }
    }

    void advance(Posted event) {
      last = event.position();
      deliver(new Delivery(event.stream(), event));
    }

    void deliver(Delivery delivery) {
      followings.forEach(
          (context, audience) -> {
            Following[] now = audience.snapshot();
            context.runOnContext(
                _ -> {
                  for (Following following : now) {
                    following.hear(delivery);
                  }
                });
          });
    }
  }

  /** Followers of one topic on one event loop; copied on change, so that delivery shares it. */
  private static final class Audience {
    private final LinkedHashSet<Following> members = new LinkedHashSet<>();
    private Following @Nullable [] snapshot;

    void add(Following following) {
      members.add(following);
      snapshot = null;
    }

    boolean remove(Following following) {
      snapshot = null;
      return members.remove(following);
    }

    boolean isEmpty() {
      return members.isEmpty();
    }

    Following[] snapshot() {
      Following[] now = snapshot;
      if (now == null) {
        now = members.toArray(new Following[0]);
        snapshot = now;
      }
      return now;
    }
  }
}
