package dev.rookery.fanout;

import dev.rookery.base.Event;
import java.util.List;

/**
 * Shows what the sockets of a wire send for an event. It uses the encoders of those sockets, so
 * that nothing is shown that is not sent.
 */
public interface WirePreview {
  /** The name of the wire, as {@link Subscriber#wire} has it. */
  String wire();

  /**
   * The frames that a follower of the delivery's topic gets, in order; empty if the wire does not
   * carry the topic, or does not show the event.
   *
   * @param seat of a match, whose view is shown; empty for what everybody sees
   */
  List<Frame> frames(Delivery delivery, String seat);

  /**
   * Whether the wire makes a client reload that resumes across the event, because it changes what
   * the player may see.
   */
  default boolean readmits(String topic, Event event, long player) {
    return false;
  }

  /**
   * A text frame as it is sent.
   *
   * @param form which of the forms that clients can choose, such as a version of the protocol
   * @param hasPosition whether it is sent to clients that resume, which get positions
   */
  record Frame(String form, String text, boolean hasPosition) {}
}
