package dev.rookery.consumer;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.Refused;
import java.time.Instant;
import java.util.Set;

/**
 * Follows committed events with effects outside of the transaction that moves its position, so it
 * handles an event again when the node ends in between.
 */
public interface EventHandler {
  /**
   * Stored with the positions. At most 80 of the characters a-z, A-Z, 0-9, {@code .}, {@code -},
   * {@code _} and {@code :}.
   */
  String name();

  /** The records that it follows; they are kept as long as {@link Consumers#keepAlso} says. */
  Set<Class<? extends Event>> events();

  /**
   * Handles an event. Events of one stream come one after another and in their order. It may block;
   * later events of the shard wait meanwhile. After an exception the event comes again, and is
   * parked after five.
   *
   * @param at when the event was committed
   * @throws Refused {@code Unavailable} if it cannot be handled now, for which the event is not to
   *     blame: it comes again after a second, as often as that happens
   */
  void handle(CommittedEvent event, Instant at) throws Exception;
}
