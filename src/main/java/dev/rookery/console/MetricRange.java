package dev.rookery.console;

import java.time.Duration;

/** How far back a chart reaches, and the distance of its points. */
public enum MetricRange {
  HOUR("1h", Duration.ofHours(1), Duration.ofSeconds(5)),
  DAY("24h", Duration.ofHours(24), Duration.ofMinutes(1)),
  WEEK("7d", Duration.ofDays(7), Duration.ofMinutes(15));

  private final String key;
  private final Duration length;
  private final Duration step;

  MetricRange(String key, Duration length, Duration step) {
    this.key = key;
    this.length = length;
    this.step = step;
  }

  /** Its name in addresses. */
  public String key() {
    return key;
  }

  public Duration length() {
    return length;
  }

  /** The distance of the points that are kept. */
  public Duration step() {
    return step;
  }

  int capacity() {
    return Math.toIntExact(length.dividedBy(step));
  }

  /** The range of that name; an hour where there is none. */
  public static MetricRange of(String key) {
    for (MetricRange range : values()) {
      if (range.key.equals(key)) {
        return range;
      }
    }
    return HOUR;
  }
}
