package dev.rookery.consumer;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.store.Transaction;
import java.util.List;

/** Follows committed events of some families and writes what results from them. */
public interface EventConsumer {
  /** The most events of one call of {@link #consume}. */
  int BATCH_MAX = 200;

  /** Stored with the positions, so it never changes. At most 60 characters. */
  String name();

  /**
   * The sealed families, or single records, of events that the consumer reads. They are listed as
   * consumed in the registry of event types, which is what makes nodes keep them.
   */
  List<Class<? extends Event>> events();

  /**
   * Handles events in their order, within one transaction that also moves the consumer's position.
   * Events of different streams may come in another order than they were committed in.
   *
   * <p>Called again with the same events when the transaction was rolled back, so it must change
   * nothing but the transaction. After an exception the events of the batch are tried one by one;
   * one that fails five times alone is parked.
   *
   * <p>What is too much for one transaction is handled in parts: the consumer answers where it is,
   * and gets the same events again with that.
   *
   * @param events at least one, at most {@link #BATCH_MAX}
   * @param part where to go on with these events, as an earlier call answered; empty at their start
   * @return how much of it is done; the rest comes again
   */
  Progress consume(Transaction tx, List<CommittedEvent> events, String part);
}
