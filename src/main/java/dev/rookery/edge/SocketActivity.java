package dev.rookery.edge;

/**
 * Since when a client is silent, how many frames it sends, and since when its socket is not used,
 * in ticks of the event loop. Decides nothing but what is due. Confined to that event loop.
 */
final class SocketActivity {
  private static final int NEVER = -1;

  private final EventLoopSockets loop;
  private int lastReceivedTick;
  private int framesInTick;
  private int unusedSince = NEVER;
  private boolean pings;

  SocketActivity(EventLoopSockets loop) {
    this.loop = loop;
    this.lastReceivedTick = loop.tick();
  }

  /** Counts a frame of the client; true if it has sent too many in this tick. */
  boolean exceedsFrameRate() {
    if (lastReceivedTick != loop.tick()) {
      lastReceivedTick = loop.tick();
      framesInTick = 0;
    }
    return ++framesInTick > loop.framesPerTickMax();
  }

  /** The silence of the client counts from now on. */
  void restart() {
    lastReceivedTick = loop.tick();
  }

  int silentTicks() {
    return loop.tick() - lastReceivedTick;
  }

  boolean isIdle() {
    return silentTicks() > loop.idleTicks();
  }

  /** Pings are due from now on while the client is silent. */
  void enablePings() {
    pings = true;
  }

  boolean isPingDue() {
    int silent = silentTicks();
    return pings && silent > 0 && silent % loop.pingTicks() == 0;
  }

  /** The socket must be used soon. */
  void expectUse() {
    if (unusedSince == NEVER) {
      unusedSince = loop.tick();
    }
  }

  void confirmUse() {
    unusedSince = NEVER;
  }

  /** Whether the socket was not used in time. */
  boolean isUnused() {
    return unusedSince != NEVER && loop.tick() - unusedSince > loop.unusedTicks();
  }
}
