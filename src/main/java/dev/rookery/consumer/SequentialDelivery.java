package dev.rookery.consumer;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.consumer.ConsumerStore.Place;
import dev.rookery.consumer.ConsumerStore.StoredEvent;
import dev.rookery.lease.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Delivers events to a handler one by one, and then moves the position behind those that are done.
 * An event is delivered again if the node ends in between.
 */
final class SequentialDelivery implements EventDelivery {
  private final EventHandler handler;
  private final Predicate<Lease> valid;
  private final ShardPosition position;
  private final Duration timeMax;

  /**
   * @param valid whether no other node can hold the lease
   * @param timeMax after which no further event of a batch is begun
   */
  SequentialDelivery(
      EventHandler handler, Predicate<Lease> valid, ShardPosition position, Duration timeMax) {
    this.handler = handler;
    this.valid = valid;
    this.position = position;
    this.timeMax = timeMax;
  }

  @Override
  public Delivered deliver(Lease lease, List<StoredEvent> batch) {
    long started = System.nanoTime();
    int done = 0;
    @Nullable Exception stoppedBy = null;
    try {
      while (done < batch.size()
          && (done == 0 || System.nanoTime() - started < timeMax.toNanos())) {
        if (!valid.test(lease)) {
          throw new Refused(new Refusal.Unavailable("not_owner"));
        }
        StoredEvent event = batch.get(done);
        handler.handle(event.event(), Instant.ofEpochMilli(event.atMs()));
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
    position.moveTo(lease, new Place(batch.get(done - 1).id()));
    return new Delivered(done, stoppedBy);
  }

  @Override
  public boolean isInOneTransaction() {
    return false;
  }
}
