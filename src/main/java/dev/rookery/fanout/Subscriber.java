package dev.rookery.fanout;

/** Who follows a topic: usually a channel of one socket. */
public interface Subscriber {
  /** Each event once, in the order of its stream, on the context from which one follows. */
  void onEvent(Delivery delivery);

  /**
   * Some of what was missed cannot be had any more. Nothing is heard from now on; whoever wants to
   * go on follows anew and reads a snapshot. Never called for a feed.
   */
  void onLost();
}
