package dev.rookery.consumer;

import dev.rookery.consumer.ConsumerStore.Place;
import dev.rookery.consumer.ConsumerStore.StoredEvent;
import dev.rookery.lease.Lease;
import java.util.List;

/** Delivers events to a consumer together, in the transaction that moves the position. */
final class TransactionalDelivery implements EventDelivery {
  private final EventConsumer consumer;
  private final ShardPosition position;

  TransactionalDelivery(EventConsumer consumer, ShardPosition position) {
    this.consumer = consumer;
    this.position = position;
  }

  @Override
  public Delivered deliver(Lease lease, List<StoredEvent> batch) {
    var events = batch.stream().map(StoredEvent::event).toList();
    Place from = position.place();
    Progress progress =
        position.move(
            lease,
            tx -> consumer.consume(tx, events, from.part()),
            done -> after(from, batch, done));
    return new Delivered(progress.part().isEmpty() ? progress.events() : 0, null);
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

  @Override
  public boolean isInOneTransaction() {
    return true;
  }
}
