package dev.rookery.base;

/**
 * A committed event with its stream and its position in that stream.
 *
 * @param stream empty if the event is of no stream: it reaches its feeds alone
 */
public record CommittedEvent(String stream, Position position, Event event) {
  /** An event that is not stored, and reaches those who listen to its feeds now. */
  public static CommittedEvent ofNoStream(Event event) {
    return new CommittedEvent("", Position.START, event);
  }

  public boolean hasStream() {
    return !stream.isEmpty();
  }
}
