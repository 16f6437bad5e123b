package dev.rookery.config;

import java.time.Duration;

/** How long notifications are kept, and how many. */
public record NotificationsConfig(
    Duration keptFor, @Setting(min = 1, max = 1_000_000) int storedMax) {
  static final NotificationsConfig DEFAULTS = new NotificationsConfig(Duration.ofDays(90), 1_000);
}
