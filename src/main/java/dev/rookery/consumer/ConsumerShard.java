package dev.rookery.consumer;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.UnknownEvent;
import dev.rookery.consumer.ConsumerStore.Head;
import dev.rookery.consumer.ConsumerStore.Place;
import dev.rookery.consumer.ConsumerStore.StoredEvent;
import dev.rookery.consumer.EventDelivery.Delivered;
import dev.rookery.lease.Lease;
import dev.rookery.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer in one shard, run on the node that holds their lease and by one thread at a time.
 *
 * <p>After a failure the position is read again. Then the events of the failed batch are tried one
 * by one, so that one that cannot be handled is found; the events behind it wait meanwhile, which
 * keeps the order.
 */
final class ConsumerShard {
  /** Why an event is parked that this node does not know. */
  static final String UNREADABLE = "unreadable";

  private static final Logger LOG = LoggerFactory.getLogger(ConsumerShard.class);
  private static final Duration RUN_MAX = Duration.ofMillis(500);
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);
  private static final Duration RECHECK_MIN = Duration.ofMillis(2);
  private static final Duration RECHECK_MAX = Duration.ofMillis(100);
  // A transaction of a consumer costs several statements however few events it is about. The first
  // event after a pause is handled at once, those that follow it together.
  private static final Duration GATHER = Duration.ofMillis(200);

  private final Source source;
  private final String name;
  private final ShardPosition position;
  private final EventDelivery delivery;
  private final RetryState retries;

  private SafeHorizon horizon = new SafeHorizon(0);
  private Duration recheck = RECHECK_MIN;
  private long waitingSinceMs;
  private long gatheringUntilNanos = System.nanoTime();

  /**
   * Where a shard reads, and where it stores how far it is.
   *
   * @param readStatement of {@link ConsumerStore#readStatement} for the events of the consumer
   * @param shard its number
   */
  record Source(
      Database database,
      ConsumerStore store,
      ParkedEventStore parked,
      String readStatement,
      int shard,
      ConsumerMeters meters,
      InstantSource clock) {}

  private ConsumerShard(
      Source source,
      String name,
      ShardPosition position,
      EventDelivery delivery,
      Duration backOffMin) {
    this.source = source;
    this.name = name;
    this.position = position;
    this.delivery = delivery;
    this.retries = new RetryState(backOffMin);
  }

  /**
   * @param backOffMin how long an event waits after its first failure; four times as long after
   *     each further one
   */
  static ConsumerShard of(EventConsumer consumer, Source source, Duration backOffMin) {
    var position = new ShardPosition(source, consumer.name());
    var delivery = new TransactionalDelivery(consumer, position);
    return new ConsumerShard(source, consumer.name(), position, delivery, backOffMin);
  }

  /**
   * @param valid whether no other node can hold the lease
   */
  static ConsumerShard of(
      EventHandler handler, Predicate<Lease> valid, Source source, Duration backOffMin) {
    var position = new ShardPosition(source, handler.name());
    var delivery = new SequentialDelivery(handler, valid, position, RUN_MAX);
    return new ConsumerShard(source, handler.name(), position, delivery, backOffMin);
  }

  /** Handles what has been committed; answers after which time to look again. */
  Duration run(Lease lease) {
    long started = System.nanoTime();
    Duration remaining = retries.remaining(started);
    if (remaining.isPositive()) {
      return remaining;
    }
    long gathering = gatheringUntilNanos - started;
    if (gathering > 0) {
      return Duration.ofNanos(gathering);
    }
    if (!position.isLoadedFor(lease)) {
      load(lease);
    }
    while (System.nanoTime() - started < RUN_MAX.toNanos()) {
      Head head = source.store.head(source.shard);
      long safe = horizon.advance(head);
      List<StoredEvent> events =
          safe > position.read()
              ? source.store.read(
                  source.readStatement,
                  source.shard,
                  position.read(),
                  safe,
                  EventConsumer.BATCH_MAX)
              : List.of();
      if (events.isEmpty()) {
        position.readTo(safe);
        return afterLast(lease, head);
      }
      source.meters.setLag(source.shard, source.clock.millis() - events.getFirst().atMs());
      Duration wait = handle(lease, events);
      if (wait.isPositive()) {
        return wait;
      }
      if (gathersAfter(events)) {
        gatheringUntilNanos = System.nanoTime() + GATHER.toNanos();
        return GATHER;
      }
    }
    return Duration.ZERO;
  }

  /**
   * Whether the next events are left to gather. Handlers get theirs one by one, so they would gain
   * nothing; and where events wait already, they are handled as fast as possible.
   */
  private boolean gathersAfter(List<StoredEvent> events) {
    return delivery.isInOneTransaction()
        && events.size() < EventConsumer.BATCH_MAX
        && !position.place().isPartial()
        && !retries.isOneByOne();
  }

  private void load(Lease lease) {
    position.load(lease);
    horizon = new SafeHorizon(position.read());
  }

  /** When to look again after everything that is complete was handled. */
  private Duration afterLast(Lease lease, Head head) {
    if (head.id() > position.read()) {
      // Transactions are under way that may commit events with smaller ids.
      waitingSinceMs = waitingSinceMs == 0 ? source.clock.millis() : waitingSinceMs;
      source.meters.setLag(source.shard, source.clock.millis() - waitingSinceMs);
      Duration wait = recheck;
      recheck = recheck.multipliedBy(2);
      recheck = recheck.compareTo(RECHECK_MAX) > 0 ? RECHECK_MAX : recheck;
      return wait;
    }
    recheck = RECHECK_MIN;
    waitingSinceMs = 0;
    source.meters.setLag(source.shard, 0);
    position.moveOverOthers(lease, SWEEP_EVERY);
    return SWEEP_EVERY;
  }

  /** Handles events, and answers how long to wait before the next. */
  private Duration handle(Lease lease, List<StoredEvent> events) {
    StoredEvent first = events.getFirst();
    Place place = position.place();
    if (place.isPartial() && first.id() > place.through()) {
      // The retention has deleted the events of which a part was handled.
      position.moveTo(lease, new Place(place.through()));
      return Duration.ZERO;
    }
    if (!place.isPartial() && first.event().event() instanceof UnknownEvent) {
      park(lease, List.of(first), UNREADABLE);
      return Duration.ZERO;
    }
    List<StoredEvent> batch = batch(events);
    try {
      Delivered delivered = delivery.deliver(lease, batch);
      source.meters.consumed.increment(delivered.events());
      retries.done(delivered.events());
      recheck = RECHECK_MIN;
      waitingSinceMs = 0;
      Exception stoppedBy = delivered.stoppedBy();
      return stoppedBy == null ? Duration.ZERO : countFailure(stoppedBy);
    } catch (Refused refused) {
      if (isOfStore(refused) || (!delivery.isInOneTransaction() && isUnavailable(refused))) {
        throw refused;
      }
      return failed(lease, blamed(batch), refused);
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      return failed(lease, blamed(batch), failure);
    }
  }

  /** Of events that are delivered one by one, the first that is not done is the one that failed. */
  private List<StoredEvent> blamed(List<StoredEvent> batch) {
    return delivery.isInOneTransaction() ? batch : batch.subList(0, 1);
  }

  private List<StoredEvent> batch(List<StoredEvent> events) {
    Place place = position.place();
    if (place.isPartial()) {
      return events.stream().filter(event -> event.id() <= place.through()).toList();
    }
    return retries.isOneByOne() ? events.subList(0, 1) : readable(events);
  }

  /** Whether the database or the lease is unavailable, for which no event is to blame. */
  private static boolean isOfStore(Refused refused) {
    return refused.refusal() instanceof Refusal.Unavailable(var code, _)
        && (code.startsWith("store_") || code.equals("not_owner"));
  }

  private static List<StoredEvent> readable(List<StoredEvent> events) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).event().event() instanceof UnknownEvent) {
        return events.subList(0, i);
      }
    }
    return events;
  }

  /** The attempt counts, although events before the failing one were handled. */
  private Duration countFailure(Exception failure) {
    LOG.debug("{} failed after other events", name, failure);
    if (isUnavailable(failure)) {
      return Duration.ZERO;
    }
    source.meters.failed.increment();
    retries.failedFirst();
    return retries.backOff();
  }

  private Duration failed(Lease lease, List<StoredEvent> batch, Throwable failure) {
    source.meters.failed.increment();
    load(lease);
    if (batch.size() > 1 && !position.place().isPartial()) {
      LOG.debug("{} failed for {} events, trying each", name, batch.size(), failure);
      retries.tryEach(batch.size());
      return Duration.ZERO;
    }
    if (!retries.failed()) {
      return retries.backOff();
    }
    CommittedEvent event = batch.getFirst().event();
    LOG.error(
        "{} could not handle {} events from {} of {} on; they are parked",
        name,
        batch.size(),
        event.position(),
        event.stream(),
        failure);
    park(lease, batch, reason(failure));
    return Duration.ZERO;
  }

  /** Whether a handler could not be tried, for which the event is not to blame. */
  static boolean isUnavailable(Throwable failure) {
    return failure instanceof Refused refused && refused.refusal() instanceof Refusal.Unavailable;
  }

  // The message of an exception is not stored: it may quote what players wrote.
  static String reason(Throwable failure) {
    return failure instanceof Refused refused
        ? "refused: " + refused.refusal().code()
        : failure.getClass().getSimpleName();
  }

  private void park(Lease lease, List<StoredEvent> events, String reason) {
    position.moveTo(
        lease,
        new Place(events.getLast().id()),
        tx -> events.forEach(event -> source.parked.insert(tx, name, event, reason)));
    source.meters.parked.increment(events.size());
    retries.done(events.size());
  }
}
