package dev.rookery.consumer;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.UnknownEvent;
import dev.rookery.consumer.ConsumerStore.Head;
import dev.rookery.consumer.ConsumerStore.Place;
import dev.rookery.consumer.ConsumerStore.StoredEvent;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer in one shard, run on the node that holds their lease and by one thread at a time.
 *
 * <p>After a failure the position is read again, because the outcome of the transaction may be
 * unknown. Then the events of the failed batch are tried one by one, so that one that cannot be
 * handled is found; the events behind it wait meanwhile, which keeps the order.
 */
final class ConsumerShard {
  /** Why an event is parked that this node does not know. */
  static final String UNREADABLE = "unreadable";

  private static final Logger LOG = LoggerFactory.getLogger(ConsumerShard.class);
  private static final Duration RUN_MAX = Duration.ofMillis(500);
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);
  private static final Duration RECHECK_MIN = Duration.ofMillis(2);
  private static final Duration RECHECK_MAX = Duration.ofMillis(100);
  // A position past events of others is stored when it is that far behind.
  private static final long SKIPPED_MAX = 1_000;
  // A transaction of a consumer costs several statements however few events it is about. The first
  // event after a pause is handled at once, those that follow it together.
  private static final Duration GATHER = Duration.ofMillis(200);

  private final Source source;
  private final String name;
  private final @Nullable EventConsumer consumer;
  private final @Nullable EventHandler handler;
  private final Predicate<Lease> valid;
  private final RetryState retries;

  private @Nullable Lease loadedFor;
  private Place place = new Place(0);
  private long read;
  private SafeHorizon horizon = new SafeHorizon(0);
  private Duration recheck = RECHECK_MIN;
  private @Nullable Exception stoppedBy;
  private long lastMovedNanos;
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

  /**
   * @param consumer null if there is a handler
   * @param handler null if there is a consumer
   * @param valid whether no other node can hold the lease
   * @param backOffMin how long an event waits after its first failure; four times as long after
   *     each further one
   */
  private ConsumerShard(
      Source source,
      String name,
      @Nullable EventConsumer consumer,
      @Nullable EventHandler handler,
      Predicate<Lease> valid,
      Duration backOffMin) {
    this.source = source;
    this.name = name;
    this.consumer = consumer;
    this.handler = handler;
    this.valid = valid;
    this.retries = new RetryState(backOffMin);
  }

  static ConsumerShard of(EventConsumer consumer, Source source, Duration backOffMin) {
    return new ConsumerShard(source, consumer.name(), consumer, null, _ -> true, backOffMin);
  }

  /**
   * @param valid whether no other node can hold the lease
   */
  static ConsumerShard of(
      EventHandler handler, Predicate<Lease> valid, Source source, Duration backOffMin) {
    return new ConsumerShard(source, handler.name(), null, handler, valid, backOffMin);
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
    if (!lease.equals(loadedFor)) {
      load(lease);
    }
    while (System.nanoTime() - started < RUN_MAX.toNanos()) {
      Head head = source.store.head(source.shard);
      long safe = horizon.advance(head);
      List<StoredEvent> events =
          safe > read
              ? source.store.read(
                  source.readStatement, source.shard, read, safe, EventConsumer.BATCH_MAX)
              : List.of();
      if (events.isEmpty()) {
        read = Math.max(read, safe);
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
    return handler == null
        && events.size() < EventConsumer.BATCH_MAX
        && !place.isPartial()
        && !retries.isOneByOne();
  }

  private void load(Lease lease) {
    place = source.store.find(name, source.shard);
    read = place.position();
    horizon = new SafeHorizon(read);
    lastMovedNanos = System.nanoTime();
    loadedFor = lease;
  }

  /** When to look again after everything that is complete was handled. */
  private Duration afterLast(Lease lease, Head head) {
    if (head.id() > read) {
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
    moveOverOthers(lease);
    return SWEEP_EVERY;
  }

  /** Stores the position after events that are not this consumer's, but rarely. */
  private void moveOverOthers(Lease lease) {
    boolean due = System.nanoTime() - lastMovedNanos > SWEEP_EVERY.toNanos();
    if (read > place.position() && (due || read - place.position() > SKIPPED_MAX)) {
      moveTo(lease, new Place(read));
    }
  }

  private void moveTo(Lease lease, Place to) {
    Place from = place;
    write(
        () ->
            source.database.write(
                tx -> {
                  Leases.fence(tx, lease);
                  source.store.move(tx, name, source.shard, from, to);
                  return to;
                }));
    moved(to);
  }

  private void moved(Place to) {
    place = to;
    read = to.position();
    lastMovedNanos = System.nanoTime();
  }

  /** Runs a write; after a failure the position is read again. */
  private <T> T write(Supplier<T> work) {
    Lease loaded = loadedFor;
    loadedFor = null;
    T result = work.get();
    loadedFor = loaded;
    return result;
  }

  /** Handles events, and answers how long to wait before the next. */
  private Duration handle(Lease lease, List<StoredEvent> events) {
    StoredEvent first = events.getFirst();
    if (place.isPartial() && first.id() > place.through()) {
      // The retention has deleted the events of which a part was handled.
      moveTo(lease, new Place(place.through()));
      return Duration.ZERO;
    }
    if (!place.isPartial() && first.event().event() instanceof UnknownEvent) {
      park(lease, List.of(first), UNREADABLE);
      return Duration.ZERO;
    }
    List<StoredEvent> batch = batch(events);
    try {
      int complete = consume(lease, batch);
      source.meters.consumed.increment(complete);
      retries.done(complete);
      recheck = RECHECK_MIN;
      waitingSinceMs = 0;
      return stoppedBy == null ? Duration.ZERO : countFailure(stoppedBy);
    } catch (Refused refused) {
      if (isOfStore(refused) || (handler != null && isUnavailable(refused))) {
        throw refused;
      }
      return failed(lease, blamed(batch), refused);
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      return failed(lease, blamed(batch), failure);
    }
  }

  /**
   * A handler is given one event at a time, so the first that is not done is the one that failed.
   */
  private List<StoredEvent> blamed(List<StoredEvent> batch) {
    return handler == null ? batch : batch.subList(0, 1);
  }

  private List<StoredEvent> batch(List<StoredEvent> events) {
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

  private int consume(Lease lease, List<StoredEvent> batch) {
    EventConsumer inTransaction = consumer;
    return inTransaction == null
        ? handle(lease, batch, Objects.requireNonNull(handler))
        : consume(lease, batch, inTransaction);
  }

  /** The attempt counts, although events before the failing one were handled. */
  private Duration countFailure(Exception failure) {
    stoppedBy = null;
    LOG.debug("{} failed after other events", name, failure);
    if (isUnavailable(failure)) {
      return Duration.ZERO;
    }
    source.meters.failed.increment();
    retries.failedFirst();
    return retries.backOff();
  }

  /** Gives events to a handler one by one, and stores how far it came. */
  private int handle(Lease lease, List<StoredEvent> batch, EventHandler by) {
    long started = System.nanoTime();
    int done = 0;
    stoppedBy = null;
    try {
      while (done < batch.size()
          && (done == 0 || System.nanoTime() - started < RUN_MAX.toNanos())) {
        if (!valid.test(lease)) {
          throw new Refused(new Refusal.Unavailable("not_owner"));
        }
        StoredEvent event = batch.get(done);
        by.handle(event.event(), Instant.ofEpochMilli(event.atMs()));
        done++;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Refused(new Refusal.Unavailable("not_serving"));
    } catch (Exception failure) {
      if (done == 0) {
        throw failure instanceof RuntimeException unchecked
            ? unchecked
            : new CompletionException(failure);
      }
      stoppedBy = failure;
    }
    moveTo(lease, new Place(batch.get(done - 1).id()));
    return done;
  }

  private int consume(Lease lease, List<StoredEvent> batch, EventConsumer by) {
    var events = batch.stream().map(StoredEvent::event).toList();
    Place from = place;
    Progress progress =
        write(
            () ->
                source.database.write(
                    tx -> {
                      Leases.fence(tx, lease);
                      Progress done = by.consume(tx, events, from.part());
                      source.store.move(tx, name, source.shard, from, after(from, batch, done));
                      return done;
                    }));
    moved(after(from, batch, progress));
    return progress.part().isEmpty() ? progress.events() : 0;
  }

  private static Place after(Place from, List<StoredEvent> batch, Progress done) {
    if (done.events() < 1 || done.events() > batch.size()) {
      throw new IllegalStateException(done + " of " + batch.size() + " events");
    }
    long last = batch.get(done.events() - 1).id();
    Place to =
        done.part().isEmpty() ? new Place(last) : new Place(from.position(), last, done.part());
    if (to.equals(from)) {
      throw new IllegalStateException("no progress: " + done);
    }
    return to;
  }

  private Duration failed(Lease lease, List<StoredEvent> batch, Throwable failure) {
    source.meters.failed.increment();
    load(lease);
    if (batch.size() > 1 && !place.isPartial()) {
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
    Place from = place;
    var to = new Place(events.getLast().id());
    write(
        () ->
            source.database.write(
                tx -> {
                  Leases.fence(tx, lease);
                  events.forEach(event -> source.parked.insert(tx, name, event, reason));
                  source.store.move(tx, name, source.shard, from, to);
                  return to;
                }));
    moved(to);
    source.meters.parked.increment(events.size());
    retries.done(events.size());
  }
}
