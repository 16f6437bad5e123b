package dev.rookery.fanout;

/**
 * Encodes events for the clients of one protocol. There is one instance per node; its result is
 * computed once per event and topic, and shared by all subscribers.
 */
@FunctionalInterface
public interface EventEncoder<T> {
  T encode(Delivery delivery);
}
