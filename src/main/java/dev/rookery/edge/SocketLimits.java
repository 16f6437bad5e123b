package dev.rookery.edge;

import java.time.Duration;

/**
 * The resource limits of one WebSocket.
 *
 * @param frameBytesMax maximum bytes of an inbound message, all fragments together, after inflation
 * @param idle how long a client may send nothing, not even a ping, before it is closed
 * @param queueBytesMax maximum bytes queued for a client that reads slowly
 * @param queueFramesMax maximum frames queued; frames written as one batch count once
 * @param framesPerSecondMax maximum inbound frames of any kind, averaged over a tick
 * @param message maximum time from the first byte of a message to its last
 * @param unused maximum time for which a socket that is not signed in may be without use: without a
 *     seat or a joined topic
 */
public record SocketLimits(
    int frameBytesMax,
    Duration idle,
    int queueBytesMax,
    int queueFramesMax,
    int framesPerSecondMax,
    Duration message,
    Duration unused) {
  public static final SocketLimits DEFAULTS =
      new SocketLimits(
          131_072,
          Duration.ofSeconds(60),
          1 << 20,
          8_192,
          300,
          Duration.ofSeconds(30),
          Duration.ofSeconds(15));

  private static final int IDLE_TICKS = 20;
  private static final int DEADLINE_TICKS = 5;
  private static final int IDLE_TICKS_BETWEEN_PINGS = 7;
  private static final int EMPTY_FRAGMENTS_PART = 30;
  private static final int EMPTY_FRAGMENTS_MIN = 10;

  public SocketLimits {
    if (frameBytesMax < 1 || queueBytesMax < 1 || queueFramesMax < 1 || framesPerSecondMax < 1) {
      throw new IllegalArgumentException("socket limits must be positive");
    }
    if (idle.toMillis() < IDLE_TICKS) {
      throw new IllegalArgumentException("idle must be at least " + IDLE_TICKS + " ms");
    }
    if (message.toMillis() < DEADLINE_TICKS || unused.toMillis() < DEADLINE_TICKS) {
      throw new IllegalArgumentException("deadlines must be at least " + DEADLINE_TICKS + " ms");
    }
  }

  /**
   * The length of a tick, in which sockets measure time: 3 s by default. Short enough for each of
   * the times above.
   */
  long tickMs() {
    return Math.min(
        idle.toMillis() / IDLE_TICKS,
        Math.min(message.toMillis(), unused.toMillis()) / DEADLINE_TICKS);
  }

  /** The number of ticks that are at least as long as the time. */
  int ticks(Duration time) {
    return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(time.toMillis(), tickMs()));
  }

  /** Ticks of silence between pings: about a third of the idle time. */
  int pingTicks() {
    return Math.max(1, (int) ((long) ticks(idle) * IDLE_TICKS_BETWEEN_PINGS / IDLE_TICKS));
  }

  int framesPerTickMax() {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, framesPerSecondMax * tickMs() / 1_000));
  }

  /**
   * Fragments without content in a tick. No client has a use for them, but some libraries end a
   * message with one.
   */
  int emptyFragmentsPerTickMax() {
    return Math.max(EMPTY_FRAGMENTS_MIN, framesPerTickMax() / EMPTY_FRAGMENTS_PART);
  }
}
