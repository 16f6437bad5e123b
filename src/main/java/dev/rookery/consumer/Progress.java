package dev.rookery.consumer;

/**
 * How much of a batch of events a transaction has handled.
 *
 * @param events the number of events, from the first on; at least one
 * @param part empty if these events are handled completely; otherwise where to go on with them. Its
 *     meaning is the consumer's. At most 1,000 characters.
 */
public record Progress(int events, String part) {
  /** The first events are handled completely. */
  public static Progress complete(int events) {
    return new Progress(events, "");
  }

  /** The first events are handled up to {@code part}, and come again alone with it. */
  public static Progress partial(int events, String part) {
    return new Progress(events, part);
  }
}
