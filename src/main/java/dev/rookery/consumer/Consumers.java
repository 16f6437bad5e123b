package dev.rookery.consumer;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.Page;
import dev.rookery.base.Refused;
import dev.rookery.base.UnknownEvent;
import dev.rookery.bus.Bus;
import dev.rookery.bus.EventTypes;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.ClusterSingleton;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.store.ConsumerShards;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The durable consumers of this node, and their waking: a consumer starts right after the commit of
 * an event, on whichever node it runs. While events keep coming, it handles what came in a fifth of
 * a second together. A notice between nodes that is lost delays it until the next sweep of the
 * shard, at most ten seconds.
 */
public final class Consumers {
  private static final String ADDRESS = "consumers";
  private static final long NOTICE_DELAY_MS = 2;
  private static final Duration RETRY_EVERY = Duration.ofSeconds(1);
  private static final Duration BACK_OFF_MIN = Duration.ofMillis(100);
  // What handlers ask for may be away for longer than a conflict of transactions lasts.
  private static final int HANDLER_BACK_OFF = 2;
  private static final int NAME_MAX = 60;
  private static final int HANDLER_NAME_MAX = 80;
  private static final Duration PARKED_FOR = Duration.ofDays(7);
  private static final Duration PRUNE_PARKED_EVERY = Duration.ofHours(1);
  private static final int PRUNE_PARKED_MAX = 1_000;

  private final Vertx vertx;
  private final Bus bus;
  private final Database database;
  private final EventTypes types;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final Duration backOffMin;
  private final ConsumerStore store;
  private final ParkedEventStore parked;
  private final List<Running> running = new CopyOnWriteArrayList<>();
  private final Set<String> notices = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean pruning = new AtomicBoolean();
  private final AtomicBoolean noticeDue = new AtomicBoolean();

  public Consumers(
      Vertx vertx,
      Bus bus,
      Database database,
      EventTypes types,
      InstantSource clock,
      MeterRegistry meters) {
    this(vertx, bus, database, types, clock, meters, BACK_OFF_MIN);
  }

  /**
   * @param backOffMin how long an event waits after its first failure
   */
  Consumers(
      Vertx vertx,
      Bus bus,
      Database database,
      EventTypes types,
      InstantSource clock,
      MeterRegistry meters,
      Duration backOffMin) {
    this.vertx = vertx;
    this.bus = bus;
    this.database = database;
    this.types = types;
    this.clock = clock;
    this.meters = meters;
    this.backOffMin = backOffMin;
    this.store = new ConsumerStore(database, types);
    this.parked = new ParkedEventStore(database, types);
  }

  /** Hears from other nodes that events for consumers of this node were committed. */
  public Future<Void> start() {
    return vertx.isClustered()
        ? bus.listenToOthers(ADDRESS, this::onNotice)
        : Future.succeededFuture();
  }

  /**
   * Runs a consumer, here or on another node. One that is new reads the events that are committed
   * from now on. Blocks while its positions are stored.
   *
   * @throws IllegalArgumentException if the name is taken, or its events are not listed as consumed
   */
  public void add(EventConsumer consumer, ClusterScheduler scheduler) {
    String name = consumer.name();
    checkName(name, "[a-z_]{1," + NAME_MAX + "}");
    run(
        name,
        types.consumedNames(consumer.events()),
        scheduler,
        shards -> ConsumerShard.of(consumer, shards, backOffMin));
  }

  /**
   * Keeps events of these records for handlers from now on, in place of those of an earlier call.
   */
  public void keepAlso(Set<Class<? extends Event>> records) {
    types.consumeAlso(records);
  }

  /**
   * Runs a handler, here or on another node. It goes on at its stored position; without one it gets
   * the events that are committed from now on. Blocks.
   *
   * @throws IllegalArgumentException if the name is taken or invalid
   */
  public void add(EventHandler handler, ClusterScheduler scheduler) {
    String name = handler.name();
    checkName(name, "[A-Za-z0-9._:-]{1," + HANDLER_NAME_MAX + "}");
    run(
        name,
        types.names(handler.events()),
        scheduler,
        shards ->
            ConsumerShard.of(
                handler, scheduler::isValid, shards, backOffMin.multipliedBy(HANDLER_BACK_OFF)));
  }

  private void checkName(String name, String pattern) {
    if (!name.matches(pattern) || running.stream().anyMatch(other -> other.name.equals(name))) {
      throw new IllegalArgumentException("not a free name of a consumer: " + name);
    }
  }

  private void run(
      String name,
      Map<Class<?>, String> events,
      ClusterScheduler scheduler,
      Function<ConsumerShard.Source, ConsumerShard> create) {
    store.create(name);
    if (pruning.compareAndSet(false, true)) {
      scheduler.scheduleSweep(
          Sweep.every(
              PRUNE_PARKED_EVERY,
              "parked events",
              SweptTable.aged("parked_event", "when it was parked long ago", "at_ms", PARKED_FOR)),
          _ -> pruneParked());
    }
    String statement = ConsumerStore.readStatement(events.values());
    var ownMeters = new ConsumerMeters(meters, name, ConsumerShards.COUNT);
    var shards = new ArrayList<ClusterSingleton>();
    for (int number = 0; number < ConsumerShards.COUNT; number++) {
      var source =
          new ConsumerShard.Source(database, store, parked, statement, number, ownMeters, clock);
      ConsumerShard shard = create.apply(source);
      shards.add(
          scheduler.schedulePaced("consumer " + name + " " + number, RETRY_EVERY, shard::run));
    }
    running.add(new Running(name, Set.copyOf(events.keySet()), List.copyOf(shards), ownMeters));
  }

  /** Ends a handler on this node; its position stays. Blocks until it does not run. */
  public void remove(String name, ClusterScheduler scheduler) {
    for (Running each : running) {
      if (each.name.equals(name)) {
        running.remove(each);
        each.shards.forEach(scheduler::remove);
        each.meters.close();
      }
    }
  }

  /** Lets a handler that is new begin after what is committed, unless it has a position. */
  public void createPositions(Transaction tx, String name) {
    store.create(tx, name);
  }

  /** Forgets how far a handler was. */
  public void deletePositions(Transaction tx, String name) {
    store.delete(tx, name);
  }

  /** The events that a handler could not handle, latest first, of the newest 10,000. Blocks. */
  public Page<ParkedEvent> parked(String name, Page.Request page) {
    return parked.list(name, page);
  }

  /**
   * Gives a parked event to its handler once more, later than events that came after it. When that
   * fails the event stays parked, with the new reason; with the old one if it could not be tried.
   * Blocks.
   *
   * @param deleting a database in which the event is deleted after that
   * @return false if there is no such event
   * @throws Exception of the handler; {@code Unavailable} if the event could not be tried
   */
  public boolean retryParked(EventHandler handler, long id, Database deleting) throws Exception {
    ParkedEventStore.Found found = parked.find(handler.name(), id).orElse(null);
    if (found == null) {
      return false;
    }
    try {
      if (found.event().event() instanceof UnknownEvent) {
        throw Refused.denied(ConsumerShard.UNREADABLE);
      }
      handler.handle(found.event(), found.committed());
    } catch (Exception failure) {
      if (!ConsumerShard.isUnavailable(failure)) {
        parked.setReason(handler.name(), id, ConsumerShard.reason(failure));
      }
      throw failure;
    }
    return deleting.write(
        tx -> {
          deleteParked(tx, handler.name(), id);
          return true;
        });
  }

  /** Gives up an event that was parked; false if there is none. */
  public boolean deleteParked(Transaction tx, String name, long id) {
    return parked.delete(tx, name, id);
  }

  /** Wakes the consumers of events that were just committed. Does not block. */
  public void onCommitted(List<CommittedEvent> events) {
    if (running.isEmpty()) {
      return;
    }
    for (CommittedEvent committed : events) {
      if (types.isConsumed(committed.event(), committed.stream())) {
        int shard = ConsumerShards.of(committed.stream());
        for (Running consumer : running) {
          if (consumer.events.contains(committed.event().getClass())) {
            wake(consumer, shard);
          }
        }
      }
    }
  }

  private void wake(Running consumer, int shard) {
    ClusterSingleton here = consumer.shards.get(shard);
    if (here.isHeld()) {
      here.runSoon();
    } else if (vertx.isClustered()) {
      notices.add(consumer.name + " " + shard);
      if (noticeDue.compareAndSet(false, true)) {
        vertx.setTimer(NOTICE_DELAY_MS, _ -> sendNotice());
      }
    }
  }

  /** Tells the other nodes in one message of all that was committed since the last one. */
  private void sendNotice() {
    noticeDue.set(false);
    var shards = new HashSet<String>();
    notices.removeIf(shards::add);
    if (!shards.isEmpty()) {
      bus.broadcast(ADDRESS, Buffer.buffer(String.join("\n", shards)));
    }
  }

  private void onNotice(Buffer notice) {
    var shards = new HashSet<>(List.of(notice.toString().split("\n", -1)));
    for (Running consumer : running) {
      for (int shard = 0; shard < consumer.shards.size(); shard++) {
        if (shards.contains(consumer.name + " " + shard)) {
          consumer.shards.get(shard).runSoon();
        }
      }
    }
  }

  /**
   * The smallest id in the outbox of an event that a consumer has not read; {@code Long.MAX_VALUE}
   * for none. Blocks.
   */
  public long firstUnread() {
    return store.firstUnread(running.stream().map(Running::name).toList());
  }

  private long pruneParked() {
    long before = clock.instant().minus(PARKED_FOR).toEpochMilli();
    long removed = 0;
    int deleted;
    do {
      deleted = parked.deleteOld(before, PRUNE_PARKED_MAX);
      removed += deleted;
    } while (deleted == PRUNE_PARKED_MAX);
    return removed;
  }

  /** A consumer with what runs it in each shard. */
  private record Running(
      String name, Set<Class<?>> events, List<ClusterSingleton> shards, ConsumerMeters meters) {}
}
