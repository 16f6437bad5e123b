package dev.rookery.fanout;

/** Receives the events of a topic, usually for one channel of a socket. */
public interface Subscriber {
  /**
   * An event of the topic. Of a stream, each event is delivered once and in order, on the context
   * that subscribed.
   */
  void onEvent(Delivery delivery);

  /**
   * Events were missed that are no longer in the history. The subscription has ended; to continue,
   * subscribe again and read a new snapshot. Never called for a feed.
   */
  void onLost();

  /** The wire of the client, as operators know it; what the server follows for itself has none. */
  default String wire() {
    return "server";
  }
}
