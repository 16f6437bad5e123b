package dev.rookery.match;

import java.util.HashMap;
import java.util.Map;

/** Bounds how many actions each player of a match sends. Not thread-safe. */
final class ActionLimit {
  private static final long SECOND = 1_000;

  private final int perSecond;
  private final Map<String, Window> windows = new HashMap<>();

  ActionLimit(int perSecond) {
    this.perSecond = perSecond;
  }

  private static final class Window {
    private long second = Long.MIN_VALUE;
    private int actions;
  }

  /** Counts an action; false if the player has sent too many in this second. */
  boolean admit(String player, long nowMs) {
    Window window = windows.computeIfAbsent(player, _ -> new Window());
    long now = Math.floorDiv(nowMs, SECOND);
    if (window.second != now) {
      window.second = now;
      window.actions = 0;
    }
    window.actions++;
    return window.actions <= perSecond;
  }
}
