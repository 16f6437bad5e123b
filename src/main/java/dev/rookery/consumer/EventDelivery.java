package dev.rookery.consumer;

import dev.rookery.consumer.ConsumerStore.StoredEvent;
import dev.rookery.lease.Lease;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the events of a shard are delivered, and its position is moved behind them. */
sealed interface EventDelivery permits TransactionalDelivery, SequentialDelivery {
  /**
   * What was delivered of a batch.
   *
   * @param events how many of its first events are complete
   * @param stoppedBy the failure of the one behind them; null for none
   */
  record Delivered(int events, @Nullable Exception stoppedBy) {}

  /** Delivers events. If this fails, none of them is done for certain. */
  Delivered deliver(Lease lease, List<StoredEvent> batch);

  /** Whether all events of a batch are delivered, or fail, together. */
  boolean isInOneTransaction();
}
