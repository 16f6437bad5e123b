package dev.rookery.chat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When each audience may be notified of messages again.
 *
 * <p>The interval grows with the audience: {@value #MILLIS_PER_RECIPIENT} ms for each recipient, at
 * least {@link #INTERVAL_MIN} and at most {@link #INTERVAL_MAX}. A conversation so causes at most
 * 50 notifications a second up to 500 recipients, and a tenth of its recipients a second beyond.
 *
 * <p>It is kept in memory, for at most {@value #AUDIENCES_MAX} audiences. What is forgotten, as
 * when another node takes over, makes one notification come earlier, and saves a row and its
 * updates for every conversation. Safe for use by several threads.
 */
final class NotificationPace {
  static final Duration INTERVAL_MIN = Duration.ofSeconds(1);
  static final Duration INTERVAL_MAX = Duration.ofSeconds(10);
  private static final long MILLIS_PER_RECIPIENT = 20;
  private static final int AUDIENCES_MAX = 50_000;

  private final Map<Audience, Turn> turns =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Audience, Turn> eldest) {
          return size() > AUDIENCES_MAX;
        }
      };

  /** How long an audience of that size waits from one notification to the next. */
  static Duration interval(int recipients) {
    long millis = recipients * MILLIS_PER_RECIPIENT;
    return Duration.ofMillis(Math.clamp(millis, INTERVAL_MIN.toMillis(), INTERVAL_MAX.toMillis()));
  }

  /**
   * When to notify an audience of messages that came now: now if it may be notified, otherwise at
   * the end of its interval, for which it then counts as notified.
   */
  synchronized long dueMs(Audience audience, long nowMs) {
    Turn turn = turns.get(audience);
    if (turn == null || nowMs >= turn.freeMs()) {
      return nowMs;
    }
    long due = nowMs < turn.nextMs ? turn.nextMs : turn.nextMs + turn.intervalMs;
    put(audience, new Turn(due, turn.intervalMs, true));
    return due;
  }

  /** The audience is notified now. */
  synchronized void notified(Audience audience, long nowMs, Duration interval) {
    put(audience, new Turn(nowMs + interval.toMillis(), interval.toMillis(), false));
  }

  /** As the newest, because the eldest are forgotten. */
  private void put(Audience audience, Turn turn) {
    turns.remove(audience);
    turns.put(audience, turn);
  }

  /**
   * The next time at which an audience may be notified.
   *
   * @param isTaken whether messages wait for that time
   */
  private record Turn(long nextMs, long intervalMs, boolean isTaken) {
    long freeMs() {
      return isTaken ? nextMs + intervalMs : nextMs;
    }
  }
}
