package dev.rookery.consumer;

import dev.rookery.consumer.ConsumerShard.Source;
import dev.rookery.consumer.ConsumerStore.Place;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How far a consumer is in one shard: what is stored, and what it has read beyond. A move is one
 * transaction with what the consumer does, fenced by the lease. After one that fails the position
 * is to be loaded again, because the outcome may be unknown. Used by one thread at a time.
 */
final class ShardPosition {
  // A position past events of others is stored when it is that far behind.
  private static final long SKIPPED_MAX = 1_000;

  private final Source source;
  private final String name;
  private @Nullable Lease loadedFor;
  private Place place = new Place(0);
  private long read;
  private long lastMovedNanos;

  /**
   * @param name of the consumer
   */
  ShardPosition(Source source, String name) {
    this.source = source;
    this.name = name;
  }

  /** Whether it is known what is stored. */
  boolean isLoadedFor(Lease lease) {
    return lease.equals(loadedFor);
  }

  void load(Lease lease) {
    place = source.store().find(name, source.shard());
    read = place.position();
    lastMovedNanos = System.nanoTime();
    loadedFor = lease;
  }

  /** What is stored. */
  Place place() {
    return place;
  }

  /** The id of the event up to which nothing is left for the consumer. */
  long read() {
    return read;
  }

  /** There is nothing for the consumer up to this event. */
  void readTo(long id) {
    read = Math.max(read, id);
  }

  /** Stores the position after events of others, if it is far behind or was not moved for long. */
  void moveOverOthers(Lease lease, Duration every) {
    boolean due = System.nanoTime() - lastMovedNanos > every.toNanos();
    if (read > place.position() && (due || read - place.position() > SKIPPED_MAX)) {
      moveTo(lease, new Place(read));
    }
  }

  void moveTo(Lease lease, Place to) {
    moveTo(lease, to, _ -> {});
  }

  /**
   * @param also runs in the same transaction
   */
  void moveTo(Lease lease, Place to, Consumer<Transaction> also) {
    move(
        lease,
        tx -> {
          also.accept(tx);
          return to;
        },
        Function.identity());
  }

  /**
   * Moves in the transaction of some work.
   *
   * @param after from the result of the work to the place behind it
   */
  <T> T move(Lease lease, Function<Transaction, T> work, Function<T, Place> after) {
    Place from = place;
    Lease loaded = loadedFor;
    loadedFor = null;
    T result =
        source
            .database()
            .write(
                tx -> {
                  Leases.fence(tx, lease);
                  T done = work.apply(tx);
                  source.store().move(tx, name, source.shard(), from, after.apply(done));
                  return done;
                });
    loadedFor = loaded;
    place = after.apply(result);
    read = place.position();
    lastMovedNanos = System.nanoTime();
    return result;
  }
}
