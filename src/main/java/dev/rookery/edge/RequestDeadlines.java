package dev.rookery.edge;

import java.time.Duration;

/**
 * How long a client may take to send a request.
 *
 * @param head from the connection, or the first byte, to the end of the headers
 * @param body from the end of the headers to the end of the body
 */
public record RequestDeadlines(Duration head, Duration body) {
  private static final int TICKS = 5;

  public RequestDeadlines {
    if (head.toMillis() < TICKS || body.toMillis() < TICKS) {
      throw new IllegalArgumentException("deadlines must be at least " + TICKS + " ms");
    }
  }

  /** The length of a tick, in which connections measure time. */
  long tickMs() {
    return Math.min(head.toMillis(), body.toMillis()) / TICKS;
  }

  int ticks(Duration time) {
    return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(time.toMillis(), tickMs()));
  }
}
