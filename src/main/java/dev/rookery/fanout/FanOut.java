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
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Delivers committed events to the subscribers of their topics, on this node and on all others.
 *
 * <p>Topics are hashed to a fixed number of shards, each with one bus address that is registered at
 * start: a subscription costs a map entry and never a registration in the cluster. An event
 * published on this node reaches local subscribers by reference, and every other node once, encoded
 * together with the other events of its commit, at the address of the first event's shard. A node
 * stays registered at shards without subscribers. Registering with the first subscriber and
 * unregistering with the last would add a round trip through the cluster before each first
 * snapshot, and lose events sent before the other nodes know; with a few hundred players no shard
 * is empty anyway. Events without subscribers are dropped after decoding their headers.
 *
 * <p>The events of a stream are delivered in the order of their offsets. The bus may lose,
 * duplicate and reorder messages: a gap is filled from the history before anything later is
 * delivered, and {@link GapDetector} finds events lost at the end of a stream. Feeds have no
 * offsets and are delivered as received.
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
  private final Set<String> nodeTopics = ConcurrentHashMap.newKeySet();

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
    this.shards = new Shards(shards, () -> new Shard(vertx, history, historyReader, this.meters));
    this.gapDetector = new GapDetector(vertx, history, this.shards);
    Gauge.builder("rookery.fanout.topics", this, FanOut::clientTopics)
        .description("Topics that clients of this node follow")
        .register(meters);
  }

  /** Starts to receive events from other nodes; does nothing on a single node. */
  public Future<Void> start() {
    if (!clustered) {
      return Future.succeededFuture();
    }
    var registrations = new ArrayList<Future<Void>>();
    for (int i = 0; i < shards.count(); i++) {
      registrations.add(bus.listenToOthers(address(i), this::receive));
    }
    gapDetector.start();
    return Future.all(registrations).mapEmpty();
  }

  /**
   * Publishes the events of a commit, in the order of the commit. May be called from any thread;
   * never blocks.
   */
  public void publish(List<CommittedEvent> batch) {
    meters.posted.increment(batch.size());
    for (CommittedEvent event : batch) {
      deliver(event);
    }
    if (clustered && !batch.isEmpty()) {
      String address = address(shards.indexOf(batch.getFirst().stream()));
      EnvelopeBatch.encode(node, types, batch).forEach(message -> bus.broadcast(address, message));
    }
  }

  /**
   * Publishes an event that is not stored to the subscribers of its feeds, at most once to each.
   * May be called from any thread; never blocks.
   */
  public void announce(Event event) {
    publish(List.of(CommittedEvent.ofNoStream(event)));
  }

  /**
   * Subscribes to a topic; the subscriber is called on the thread of the calling context. Nothing
   * is delivered until {@link Subscription#startAfter} gives the position of the snapshot; events
   * that arrive before are buffered.
   */
  public Subscription subscribe(String topic, Subscriber subscriber) {
    // That of a request or frame would make each subscriber a group of its own.
    Context context = ((ContextInternal) vertx.getOrCreateContext()).unwrap();
    return shards.of(topic).subscribe(topic, subscriber, context);
  }

  /**
   * Subscribes to what happens on a stream from now on, for a subscriber that needs no snapshot.
   * Completes on the calling context when the delivery has begun.
   */
  public Future<Subscription> subscribeFromNow(String stream, Subscriber subscriber) {
    Subscription subscription = subscribe(stream, subscriber);
    Context context = vertx.getOrCreateContext();
    Promise<Subscription> started = Promise.promise();
    history
        .readHeads(List.of(stream))
        .onComplete(
            heads ->
                context.runOnContext(
                    _ -> {
                      if (heads.succeeded()) {
                        subscription.startAfter(
                            heads.result().getOrDefault(stream, Position.START));
                        started.complete(subscription);
                      } else {
                        subscription.cancel();
                        started.fail(heads.cause());
                      }
                    }));
    return started.future();
  }

  /**
   * As {@link #subscribe}, to a topic that the node follows for itself and no client does. It is
   * not in the metric of topics, which is zero without clients.
   */
  public Subscription subscribeNode(String topic, Subscriber subscriber) {
    Subscription subscription = subscribe(topic, subscriber);
    nodeTopics.add(topic);
    return subscription;
  }

  private int clientTopics() {
    nodeTopics.removeIf(topic -> !shards.of(topic).hasSubscribers(topic));
    return Math.max(0, shards.topics() - nodeTopics.size());
  }

  /**
   * The latest position of a stream that this node knows; empty without recent events. Other nodes
   * may have committed later events already; a subscriber that subscribed before this call receives
   * them.
   */
  public Optional<Position> latestPosition(String stream) {
    return Optional.ofNullable(shards.of(stream).recentPosition(stream));
  }

  /** The followers of a topic on this node, by wire. Callable from any thread. */
  public List<Followers> followers(String topic) {
    return shards.of(topic).followers(topic);
  }

  /** The position to tell a client with a snapshot, from which it can resume later. */
  public Position resumePosition(Position snapshot) {
    return snapshot.equals(Position.START) ? history.beginning() : snapshot;
  }

  /**
   * Reads what a returning client has missed since its last position. Completes on the calling
   * context and never fails: whatever prevents recovery is a {@link Recovery.Reload}.
   *
   * @param left the last position that the client has seen
   * @param now the position of the snapshot, read after {@link #subscribe}
   * @param readmits whether an event changes what the client may see (it left, or joined anew);
   *     then it must reload
   */
  public Future<Recovery> recover(
      String stream, Position left, Position now, Predicate<Event> readmits) {
    return testRecovery(stream, left, now, readmits).onSuccess(meters::countResume);
  }

  /** As {@link #recover}, to ask what would be decided: it is not counted. */
  public Future<Recovery> testRecovery(
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
   * Reads the events of a stream after a position; completes on the calling context.
   *
   * @param upto a position that the stream is known to have reached
   */
  public Future<CatchUp<Delivery>> readMissed(String stream, Position after, Position upto) {
    Promise<CatchUp<Delivery>> promise = Promise.promise();
    Context context = vertx.getOrCreateContext();
    historyReader
        .read(stream, after, upto)
        .onComplete(read -> context.runOnContext(_ -> promise.handle(read)));
    return promise.future();
  }

  private void receive(Buffer message) {
    EnvelopeBatch.decode(message).stream()
        .filter(envelope -> !envelope.sender().equals(node))
        .forEach(this::receive);
  }

  private void receive(Envelope envelope) {
    Shard shard = shards.of(envelope.stream());
    boolean subscribed = shard.hasSubscribers(envelope.stream());
    for (String feed : envelope.feeds()) {
      subscribed |= shards.of(feed).hasSubscribers(feed);
    }
    if (subscribed) {
      deliver(envelope.toEvent(types));
    } else if (!envelope.stream().isEmpty()) {
      shard.recordPosition(envelope.stream(), envelope.position());
    }
  }

  private void deliver(CommittedEvent event) {
    if (event.event() instanceof UnknownEvent) {
      meters.unknown.increment();
    }
    if (event.hasStream()) {
      shards.of(event.stream()).deliverInOrder(event);
    }
    for (String feed : event.event().feeds()) {
      shards.of(feed).deliverToFeed(feed, event);
    }
  }

  private static String address(int shard) {
    return "fanout/" + shard;
  }
}
