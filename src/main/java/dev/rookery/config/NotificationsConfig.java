package dev.rookery.config;

import java.time.Duration;

/**
 * How long notifications are kept, and how many.
 *
 * @param broadcastRate how many players broadcasts of admins reach in a second
 */
public record NotificationsConfig(
    Duration keptFor,
    @Setting(min = 1, max = 1_000_000) int storedMax,
    @Setting(min = 1, max = 100_000) int broadcastRate) {
  static final NotificationsConfig DEFAULTS =
      new NotificationsConfig(Duration.ofDays(90), 1_000, 500);
}
