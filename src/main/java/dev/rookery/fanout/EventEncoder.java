package dev.rookery.fanout;

/**
 * How one family of clients writes an event. A wire is one object per node; what it answers is
 * computed once per event, however many sockets follow, and shared by all of them.
 */
@FunctionalInterface
public interface EventEncoder<T> {
  T encode(Delivery delivery);
}
