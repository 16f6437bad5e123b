package dev.rookery.edge;

import java.time.Duration;

/**
 * The resource limits of one WebSocket.
 *
 * @param frameBytesMax maximum bytes of an inbound message, all fragments together, after inflation
 * @param idle how long a client may send nothing, not even a ping, before it is closed
 * @param queueBytesMax maximum bytes queued for a client that reads slowly
 * @param queueFramesMax maximum frames queued; frames written as one batch count once
 * @param framesPerSecondMax maximum inbound frames of any kind, averaged over a twentieth of {@code
 *     idle}
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
      throw new IllegalArgumentException("socket limits must be positive");
    }
    if (idle.toMillis() < TICKS) {
      throw new IllegalArgumentException("idle must be at least " + TICKS + " ms");
    }
  }

  /** Ticks per idle time. Sockets measure time in ticks: 3 s each by default. */
  static final int TICKS = 20;

  /** Ticks of silence between pings: about a third of the idle time. */
  static final int PING_TICKS = 7;

  long tickMs() {
    return idle.toMillis() / TICKS;
  }

  int framesPerTickMax() {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, framesPerSecondMax * tickMs() / 1_000));
  }
}
