package dev.rookery.fanout;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A committed event together with the topic on which it is delivered. Thread-safe; shared by all
 * subscribers of the topic on this node.
 */
public final class Delivery {
  private final String topic;
  private final CommittedEvent committed;
  private final boolean correction;
  private final Map<EventEncoder<?>, Object> encoded = new ConcurrentHashMap<>(4);

  Delivery(String topic, CommittedEvent posted) {
    this(topic, posted, false);
  }

  private Delivery(String topic, CommittedEvent posted, boolean correction) {
    this.topic = topic;
    this.committed = posted;
    this.correction = correction;
  }

  /** A delivery that is made to see how it is encoded. */
  public static Delivery of(String topic, CommittedEvent event) {
    return new Delivery(topic, event);
  }

  /** This event, as stored, after another one with its position was delivered in its place. */
  Delivery asCorrection() {
    return new Delivery(topic, committed, true);
  }

  /** Whether another event with this position was delivered before. */
  boolean isCorrection() {
    return correction;
  }

  /** The topic of the subscription: the event's stream, or one of its feeds. */
  public String topic() {
    return topic;
  }

  public CommittedEvent posted() {
    return committed;
  }

  /** The position in the event's stream; meaningless to subscribers of a feed. */
  public Position position() {
    return committed.position();
  }

  /** Whether the topic is the event's own stream, in which it has a position. */
  public boolean hasPosition() {
    return topic.equals(committed.stream());
  }

  /**
   * The event as encoded by a protocol; computed once and shared by all subscribers on this node.
   */
  @SuppressWarnings("unchecked")
  public <T> T encodedBy(EventEncoder<T> encoder) {
    return (T) encoded.computeIfAbsent(encoder, w -> w.encode(this));
  }
}
