package dev.rookery.fanout;

import dev.rookery.base.CatchUp;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.Position;
import dev.rookery.base.UnknownEvent;
import dev.rookery.bus.Bus;
import dev.rookery.bus.EventTypes;
import dev.rookery.fanout.Recovery.Reload.Reason;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Brings committed events to whoever follows their topic on this node.
 *
 * <p>Topics are dealt to a fixed number of shards, each with one bus address that is registered at
 * start: following costs a map entry, never a registration in the cluster. An event posted on this
 * node reaches its own followers by reference and the other nodes once, as text, together with the
 * others of its commit at the address of the first one's shard. A node stays registered at shards
 * in which nobody follows anything: with a few hundred players there are none, and coming and going
 * with the first and last follower would put a round through the cluster before his snapshot, and
 * lose what is sent while the others do not know yet. What is not wanted is dropped after a look at
 * its first line.
 *
 * <p>Each followed stream is put in order by offset. The bus may lose, repeat and reorder; a gap is
 * filled from the history before anything later is delivered, and {@link GapDetector} finds what
 * was lost last. Feeds have no offsets and are delivered as they come.
 */
public final class FanOut {
  private final Vertx vertx;
  private final Bus bus;
  private final EventTypes types;
  private final String node;
  private final Shards shards;
  private final boolean clustered;
  private final EventHistory history;
  private final HistoryReader historyReader;
  private final FanOutMeters meters;
  private final GapDetector gapDetector;

  public FanOut(
      Vertx vertx,
      Bus bus,
      EventTypes types,
      EventHistory history,
      MeterRegistry meters,
      String node,
      int shards) {
    this.vertx = vertx;
    this.bus = bus;
    this.types = types;
    this.node = node;
    this.clustered = vertx.isClustered();
    this.history = history;
    this.historyReader = new HistoryReader(history);
    this.meters = new FanOutMeters(meters);
    this.shards = new Shards(shards, () -> new Shard(vertx, historyReader, this.meters));
    this.gapDetector = new GapDetector(vertx, history, this.shards);
    Gauge.builder("rookery.fanout.topics", this.shards, Shards::topics)
        .description("Topics with followers on this node")
        .register(meters);
  }

  /** Listens for the other nodes. On a single node there is nothing to listen for. */
  public Future<Void> start() {
    if (!clustered) {
      return Future.succeededFuture();
    }
    var listening = new ArrayList<Future<Void>>();
    for (int i = 0; i < shards.count(); i++) {
      listening.add(bus.listen(address(i), this::receive));
    }
    gapDetector.start();
    return Future.all(listening).mapEmpty();
  }

  /**
   * Takes what was committed, in the order of the commit. May be called from any thread; never
   * blocks.
   */
  public void publish(List<CommittedEvent> batch) {
    meters.posted.increment(batch.size());
    for (CommittedEvent event : batch) {
      deliver(event);
    }
    if (clustered && !batch.isEmpty()) {
      String address = address(shards.indexOf(batch.getFirst().stream()));
      EnvelopeBatch.encode(node, types, batch).forEach(bundle -> bus.broadcast(address, bundle));
    }
  }

  /**
   * Follows a topic from the calling context, on which the follower will hear. Nothing is heard
   * until {@link Subscription#startAfter} says what is known already; what happens meanwhile is
   * kept.
   */
  public Subscription subscribe(String topic, Subscriber follower) {
    Context context = vertx.getOrCreateContext();
    return shards.of(topic).subscribe(topic, follower, context);
  }

  /**
   * How far this node knows a stream to have come; empty if nothing has happened on it lately. It
   * may be further by now, by what other nodes do: that is heard by whoever follows it already.
   */
  public Optional<Position> latestPosition(String stream) {
    return Optional.ofNullable(shards.of(stream).recentPosition(stream));
  }

  /** As a follower is told a snapshot's place, so that it may come back to it. */
  public Position resumePosition(Position snapshot) {
    return snapshot.equals(Position.START) ? history.beginning() : snapshot;
  }

  /**
   * What one who left off at a place must be shown, before he goes on; completes on the calling
   * context and never fails.
   *
   * @param now the snapshot's place, read after {@link #subscribe}
   * @param readmits tells that with this event he became another: then he starts afresh
   */
  public Future<Recovery> recover(
      String stream, Position left, Position now, Predicate<Event> readmits) {
    return recovery(stream, left, now, readmits).onSuccess(meters::countResume);
  }

  private Future<Recovery> recovery(
      String stream, Position left, Position now, Predicate<Event> readmits) {
    if (left.isBeginning()) {
      return history.hasOneEpochSince(left)
          ? recoverySince(new Position(now.epoch(), 0), stream, now, readmits)
          : Future.succeededFuture(new Recovery.Reload(Reason.OTHER_EPOCH));
    }
    return recoverySince(left, stream, now, readmits);
  }

  private Future<Recovery> recoverySince(
      Position left, String stream, Position now, Predicate<Event> readmits) {
    if (left.epoch() != now.epoch()) {
      return Future.succeededFuture(new Recovery.Reload(Reason.OTHER_EPOCH));
    }
    if (left.equals(now)) {
      return Future.succeededFuture(new Recovery.Recovered(List.of(), now));
    }
    if (left.isAfter(now)) {
      return Future.succeededFuture(new Recovery.Reload(Reason.AHEAD));
    }
    if (now.offset() - left.offset() > HistoryReader.EVENTS_MAX) {
      return Future.succeededFuture(new Recovery.Reload(Reason.TOO_MUCH));
    }
    return readMissed(stream, left, now)
        .map(missed -> Recovery.of(missed, now, readmits))
        .otherwise(_ -> new Recovery.Reload(Reason.UNAVAILABLE));
  }

  /**
   * What came on a stream after a place; completes on the calling context.
   *
   * @param upto a place known to be reached
   */
  public Future<CatchUp<Delivery>> readMissed(String stream, Position after, Position upto) {
    Promise<CatchUp<Delivery>> here = Promise.promise();
    Context context = vertx.getOrCreateContext();
    historyReader
        .read(stream, after, upto)
        .onComplete(read -> context.runOnContext(_ -> here.handle(read)));
    return here.future();
  }

  private void receive(Buffer bundle) {
    EnvelopeBatch.decode(bundle).stream()
        .filter(envelope -> !envelope.sender().equals(node))
        .forEach(this::receive);
  }

  private void receive(Envelope envelope) {
    Shard own = shards.of(envelope.stream());
    boolean wanted = own.hasSubscribers(envelope.stream());
    for (String feed : envelope.feeds()) {
      wanted |= shards.of(feed).hasSubscribers(feed);
    }
    if (wanted) {
      deliver(envelope.posted(types));
    } else {
      own.recordPosition(envelope.stream(), envelope.position());
    }
  }

  private void deliver(CommittedEvent event) {
    if (event.event() instanceof UnknownEvent) {
      meters.unknown.increment();
    }
    shards.of(event.stream()).deliverInOrder(event);
    for (String feed : event.event().feeds()) {
      shards.of(feed).deliverToFeed(feed, event);
    }
  }

  private static String address(int shard) {
    return "fanout/" + shard;
  }
}
