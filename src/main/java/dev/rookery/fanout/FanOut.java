package dev.rookery.fanout;

import dev.rookery.base.Position;
import dev.rookery.base.Posted;
import dev.rookery.bus.Bus;
import dev.rookery.bus.EventTypes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings committed events to whoever follows their topic on this node.
 *
 * <p>Topics are dealt to a fixed number of shards, each with one bus address that is registered at
 * start: following costs a map entry, never a registration in the cluster. An event posted on this
 * node reaches its own followers by reference and the other nodes once, as text.
 *
 * <p>Each followed stream is put in order by offset. The bus may lose, repeat and reorder; a gap is
 * filled from the history before anything later is delivered. Feeds have no offsets and are
 * delivered as they come.
 */
public final class FanOut {
  private final Vertx vertx;
  private final Bus bus;
  private final EventTypes types;
  private final String node;
  private final Shard[] shards;
  private final boolean clustered;
  private final Counter posted;

  public FanOut(
      Vertx vertx,
      Bus bus,
      EventTypes types,
      History history,
      MeterRegistry meters,
      String node,
      int shards) {
    this.vertx = vertx;
    this.bus = bus;
    this.types = types;
    this.node = node;
    this.clustered = vertx.isClustered();
    this.posted = meters.counter("rookery.fanout.posted");
    this.shards = new Shard[shards];
    for (int i = 0; i < shards; i++) {
      this.shards[i] = new Shard(vertx, history, meters);
    }
    Gauge.builder("rookery.fanout.topics", this, FanOut::topics)
        .description("Topics with followers on this node")
        .register(meters);
  }

  /** Listens for the other nodes. On a single node there is nothing to listen for. */
  public Future<Void> start() {
    if (!clustered) {
      return Future.succeededFuture();
    }
    var listening = new ArrayList<Future<Void>>();
    for (int i = 0; i < shards.length; i++) {
      listening.add(bus.listen(address(i), this::receive));
    }
    return Future.all(listening).mapEmpty();
  }

  /**
   * Takes what was committed, in the order of the commit. May be called from any thread; never
   * blocks.
   */
  public void post(List<Posted> batch) {
    posted.increment(batch.size());
    for (Posted event : batch) {
      deliver(event);
    }
    if (clustered) {
      for (Posted event : batch) {
        bus.broadcast(address(shard(event.stream())), Envelope.write(node, types, event));
      }
    }
  }

  /**
   * Follows a topic from the calling context, on which the follower will hear. Nothing is heard
   * until {@link Following#from} says what is known already; what happens meanwhile is kept.
   */
  public Following follow(String topic, Follower follower) {
    Context context = vertx.getOrCreateContext();
    return shards[shard(topic)].follow(topic, follower, context);
  }

  private void receive(Buffer text) {
    Envelope envelope = Envelope.read(text);
    if (envelope.sender().equals(node)) {
      return;
    }
    boolean wanted = shards[shard(envelope.stream())].isFollowed(envelope.stream());
    for (String feed : envelope.feeds()) {
      wanted |= shards[shard(feed)].isFollowed(feed);
    }
    if (wanted) {
      deliver(envelope.posted(types));
    }
  }

  private void deliver(Posted event) {
    shards[shard(event.stream())].sequence(event);
    for (String feed : event.event().feeds()) {
      shards[shard(feed)].feed(feed, event);
    }
  }

  private int shard(String topic) {
    return Math.floorMod(topic.hashCode(), shards.length);
  }

  private static String address(int shard) {
    return "fanout/" + shard;
  }

  private double topics() {
    int sum = 0;
    for (Shard shard : shards) {
      sum += shard.topics();
    }
    return sum;
  }

  /** The topics of one shard; all of its state is guarded by its monitor, held for moments only. */
  private static final class Shard {
    private static final int HELD_MAX = 1_000;
    private static final int MISSING_MAX = 500;

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
      history
          .after(stream, after, MISSING_MAX)
          .onComplete(missing -> filled(stream, entry, after, missing.otherwiseEmpty().result()));
    }

    private synchronized void filled(
        String stream,
        Followed entry,
        Position after,
        @org.jspecify.annotations.Nullable List<Posted> missing) {
      entry.filling = false;
      entry.last = after;
      if (missing != null) {
        for (Posted event : missing) {
          if (!event.position().isIn(entry.last)) {
            entry.advance(event);
          }
        }
      }
      // What still does not follow is out of reach of the history: go on with what there is.
      var held = new ArrayList<>(entry.held.values());
      entry.held.clear();
      for (Posted event : held) {
        if (!event.position().isIn(entry.last)) {
          entry.advance(event);
        }
      }
    }

    /** One followed topic. */
    private final class Followed {
      private final Map<Context, Audience> followings = new HashMap<>();
      private final java.util.TreeMap<Position, Posted> held =
          new java.util.TreeMap<>(
              java.util.Comparator.comparingLong(Position::epoch)
                  .thenComparingLong(Position::offset));
      private @org.jspecify.annotations.Nullable Position last;
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
      private final java.util.LinkedHashSet<Following> members = new java.util.LinkedHashSet<>();
      private Following @org.jspecify.annotations.Nullable [] snapshot;

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
}
