package dev.rookery.chat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When each audience may be notified of messages again.
 *
 * <p>The interval grows with the audience: {@value #MILLIS_PER_RECIPIENT} ms for each recipient, at
 * least {@link #INTERVAL_MIN} and at most {@link #INTERVAL_MAX}. So a conversation causes at most
 * 50 notifications a second up to 500 recipients, and a tenth of its recipients a second beyond.
 *
 * <p>It is kept in memory, for the {@value #AUDIENCES_MAX} audiences used last, which saves a row
 * and its updates for every conversation. When an audience is forgotten, as when another node takes
 * over, one notification comes earlier. Safe for use by several threads.
 */
final class NotificationThrottle {
  static final Duration INTERVAL_MIN = Duration.ofSeconds(1);
  static final Duration INTERVAL_MAX = Duration.ofSeconds(10);
  private static final long MILLIS_PER_RECIPIENT = 20;
  private static final int AUDIENCES_MAX = 50_000;

  private final Map<Audience, Notified> notified =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Audience, Notified> eldest) {
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
    Notified last = notified.get(audience);
    if (last == null || nowMs >= last.atMs + last.intervalMs) {
      return nowMs;
    }
    if (nowMs < last.atMs) {
      return last.atMs;
    }
    long due = last.atMs + last.intervalMs;
    notified.put(audience, new Notified(due, last.intervalMs));
    return due;
  }

  /** The audience is notified now. */
  synchronized void notified(Audience audience, long nowMs, Duration interval) {
    notified.put(audience, new Notified(nowMs, interval.toMillis()));
  }

  /**
   * The last notification of an audience.
   *
   * @param atMs when it is due; after now while messages wait for it
   */
  private record Notified(long atMs, long intervalMs) {}
}
