package dev.rookery.protocol.console;

import dev.rookery.console.MetricColumn.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers, sizes and times as texts for people. */
final class Figures {
  private static final double KIB = 1 << 10;
  private static final double MIB = 1 << 20;
  private static final double GIB = 1 << 30;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Figures() {}

  /** A value with its unit; a dash for one that is not known. */
  static String text(Unit unit, double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    return switch (unit) {
      case COUNT -> number(value);
      case PER_SECOND ->
          value > 0 && value < 0.1 ? number(value * 60) + "/min" : number(value) + "/s";
      case SECONDS -> seconds(value);
      case BYTES -> bytes(value);
      case BYTES_PER_SECOND -> bytes(value) + "/s";
      case PART -> number(value * 100) + " %";
    };
  }

  /** A number with as many digits as one can use. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 100 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,d", Math.round(value));
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", value);
  }

  private static String seconds(double value) {
    if (value >= 1) {
      return String.format(Locale.ROOT, "%.1f s", value);
    }
    return value >= 0.001 || value == 0
        ? String.format(
            Locale.ROOT, value >= 0.01 || value == 0 ? "%.0f ms" : "%.1f ms", value * 1e3)
        : String.format(Locale.ROOT, "%.0f µs", value * 1e6);
  }

  static String bytes(double value) {
    if (value >= GIB) {
      return String.format(Locale.ROOT, "%.1f GiB", value / GIB);
    }
    if (value >= MIB) {
      return String.format(Locale.ROOT, "%.1f MiB", value / MIB);
    }
    return value >= KIB
        ? String.format(Locale.ROOT, "%.1f KiB", value / KIB)
        : String.format(Locale.ROOT, "%.0f B", value);
  }

  /** A duration in its two largest units. */
  static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + " m " + seconds % 60 + " s";
    }
    long hours = seconds / 3_600;
    return hours < 24
        ? hours + " h " + seconds / 60 % 60 + " m"
        : hours / 24 + " d " + hours % 24 + " h";
  }

  /** The time of day in UTC, to the second. */
  static String clock(long ms) {
    return CLOCK.format(Instant.ofEpochMilli(ms));
  }

  /** A time in UTC, as exact as a range of that length needs it. */
  static String moment(long ms, Duration range) {
    return (range.compareTo(Duration.ofDays(1)) > 0 ? DAY : MINUTE)
        .format(Instant.ofEpochMilli(ms));
  }

  /** A time in UTC with its date. */
  static String date(long ms) {
    return Instant.ofEpochMilli(ms).toString();
  }
}
