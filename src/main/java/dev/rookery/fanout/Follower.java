package dev.rookery.fanout;

/** Who follows a topic: usually a channel of one socket. */
@FunctionalInterface
public interface Follower {
  /** Each event once, in the order of its stream, on the context from which one follows. */
  void hear(Delivery delivery);
}
