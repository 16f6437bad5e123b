package dev.rookery.fanout;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One event on its way to the followers of one topic. */
public final class Delivery {
  private final String topic;
  private final CommittedEvent posted;
  private final Map<EventEncoder<?>, Object> encoded = new ConcurrentHashMap<>(4);

  Delivery(String topic, CommittedEvent posted) {
    this.topic = topic;
    this.posted = posted;
  }

  /** The followed topic: the event's stream, or one of its feeds. */
  public String topic() {
    return topic;
  }

  public CommittedEvent posted() {
    return posted;
  }

  /** In the event's own stream; of no meaning on a feed. */
  public Position position() {
    return posted.position();
  }

  /** Whether the topic is the event's own stream, where it has a position. */
  public boolean hasPosition() {
    return topic.equals(posted.stream());
  }

  /** The event as a wire writes it; the same object for every follower of this node. */
  @SuppressWarnings("unchecked")
  public <T> T encodedBy(EventEncoder<T> wire) {
    return (T) encoded.computeIfAbsent(wire, w -> w.encode(this));
  }
}
