package dev.rookery.console;

import dev.rookery.base.PlayerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bounds how many entries of the audit log the refused requests of an admin make: {@value
 * #PER_MINUTE} a minute on a node. Those beyond are counted, so that one entry stands for all of
 * them. Thread-safe.
 */
final class RefusedEntries {
  /** More than there are operations, so that each of them can be tried and is seen. */
  static final int PER_MINUTE = 200;

  private static final long WINDOW_MS = Duration.ofMinutes(1).toMillis();

  private final Map<PlayerId, Window> windows = new HashMap<>();

  /**
   * Requests without an entry.
   *
   * @param actor who made the first of them
   */
  record LeftOut(Actor actor, long count) {}

  /**
   * Whether a refused request gets an entry; otherwise it is counted. Windows that have ended must
   * have been taken.
   */
  synchronized boolean admit(PlayerId player, Actor actor, long nowMs) {
    Window window = windows.computeIfAbsent(player, _ -> new Window(actor, nowMs));
    if (window.written < PER_MINUTE) {
      window.written++;
      return true;
    }
    if (window.leftOut == 0) {
      window.actor = actor;
    }
    window.leftOut++;
    return false;
  }

  /** Forgets the windows that have ended, and returns what was left out in them. */
  synchronized List<LeftOut> takeEnded(long nowMs) {
    var ended = new ArrayList<LeftOut>();
    windows
        .values()
        .removeIf(
            window -> {
              boolean over = nowMs - window.startMs >= WINDOW_MS;
              if (over && window.leftOut > 0) {
                ended.add(new LeftOut(window.actor, window.leftOut));
              }
              return over;
            });
    return ended;
  }

  /** A minute of an admin. */
  private static final class Window {
    private final long startMs;
    private Actor actor;
    private int written;
    private long leftOut;

    Window(Actor actor, long startMs) {
      this.actor = actor;
      this.startMs = startMs;
    }
  }
}
