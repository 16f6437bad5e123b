package dev.rookery.edge;

import java.time.Duration;

/**
 * How much one socket may ask of the node.
 *
 * @param frameBytesMax of one inbound message, all fragments together, after inflation
 * @param idle how long a client may say nothing, not even a ping
 * @param queueBytesMax how much may wait for a client that reads slowly
 * @param queueFramesMax the same, counted in frames; those that went out together count once
 * @param framesPerSecondMax inbound frames of any kind, averaged over a twentieth of {@code idle}
 */
public record SocketLimits(
    int frameBytesMax,
    Duration idle,
    int queueBytesMax,
    int queueFramesMax,
    int framesPerSecondMax) {
  public static final SocketLimits DEFAULTS =
      new SocketLimits(131_072, Duration.ofSeconds(60), 1 << 20, 8_192, 300);

  public SocketLimits {
    if (frameBytesMax < 1 || queueBytesMax < 1 || queueFramesMax < 1 || framesPerSecondMax < 1) {
      throw new IllegalArgumentException("limits of sockets are positive");
    }
    if (idle.toMillis() < TICKS) {
      throw new IllegalArgumentException("idle must be " + TICKS + " ms at least");
    }
  }

  /** Time passes for sockets in steps of a twentieth of the idle time: 3 s by default. */
  static final int TICKS = 20;

  /** A client that is to be asked is asked after each third of the idle time. */
  static final int PING_TICKS = 7;

  long tickMs() {
    return idle.toMillis() / TICKS;
  }

  int framesPerTickMax() {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, framesPerSecondMax * tickMs() / 1_000));
  }
}
