package dev.rookery.consumer;

/**
 * How much of a batch of events a transaction has handled.
 *
 * @param complete the number of events from the first on that are handled completely
 * @param part where to go on within the next one; empty for its start. Its meaning is the
 *     consumer's. At most 1,000 characters.
 */
public record Progress(int complete, String part) {
  /** That many events are complete, and nothing of the next one. */
  public static Progress complete(int events) {
    return new Progress(events, "");
  }

  /** That many events are complete, and the next one up to {@code part}. */
  public static Progress partial(int events, String part) {
    return new Progress(events, part);
  }
}
