package dev.rookery.loadtest;

import java.util.ArrayList;
import java.util.List;

/**
 * Spreads the first sign-ins of the players of a run over a time, and collects who signed in, so
 * that they can be removed. Confined to the one event loop.
 */
final class SignIns {
  private final long spacingNanos;
  private final boolean collects;
  private List<Long> players = new ArrayList<>();
  private int left;
  private long nextNanos;
  private boolean begun;

  /**
   * @param rampNanos the time over which the first {@code players} sign-ins are spread
   * @param collects whether the players are asked for
   */
  SignIns(long rampNanos, int players, boolean collects) {
    this.left = players;
    this.spacingNanos = rampNanos / Math.max(1, players);
    this.collects = collects;
  }

  /** Milliseconds until the next sign-in may be sent. */
  long delayMs(long now) {
    if (spacingNanos == 0 || left == 0) {
      return 0;
    }
    left--;
    if (!begun || nextNanos < now) {
      nextNanos = now;
      begun = true;
    }
    long wait = nextNanos - now;
    nextNanos += spacingNanos;
    return wait / 1_000_000;
  }

  void add(long player) {
    if (collects) {
      players.add(player);
    }
  }

  /** The players who have signed in since this was asked last. */
  List<Long> take() {
    List<Long> taken = players;
    players = new ArrayList<>();
    return taken;
  }
}
