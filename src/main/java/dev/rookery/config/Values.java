package dev.rookery.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts into values. What is wrong with a text is said as the end of a sentence about it. */
final class Values {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d|)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB|)");
  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");

  // Ten years; anything longer is a slip, and would not fit everywhere.
  private static final Duration DURATION_MAX = Duration.ofDays(3_650);

  private Values() {}

  /** Wrong, and why. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String why) {
      super(why, null, false, false);
    }
  }

  static long whole(String text) throws Wrong {
    if (!WHOLE.matcher(text).matches()) {
      throw new Wrong("is not a whole number");
    }
    return Long.parseLong(text);
  }

  static long bytes(String text) throws Wrong {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new Wrong("is not a size such as 16384, 16KiB or 1MiB");
    }
    int power =
        switch (matcher.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << power);
  }

  static Duration duration(String text) throws Wrong {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new Wrong("is not a duration such as 500ms, 20s, 15m, 24h or 30d");
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration duration = duration(amount, matcher.group(2));
    if (duration.compareTo(DURATION_MAX) > 0) {
      throw new Wrong("is more than " + DURATION_MAX.toDays() + "d");
    }
    return duration;
  }

  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> Duration.ofMillis(amount);
    };
  }

  static boolean flag(String text) throws Wrong {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new Wrong("is neither true nor false");
    };
  }

  static Path path(String text) throws Wrong {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new Wrong("is not a path");
    }
  }

  static Object choice(Class<?> type, String text) throws Wrong {
    Object[] choices = type.getEnumConstants();
    for (Object choice : choices) {
      if (choice.toString().equalsIgnoreCase(text)) {
        return choice;
      }
    }
    throw new Wrong(
        "is none of "
            + Arrays.toString(choices).toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", ""));
  }

  static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  static void inRange(long value, Setting setting, boolean duration) throws Wrong {
    String unit = duration ? "ms" : "";
    if (value < setting.min()) {
      throw new Wrong("is less than " + setting.min() + unit);
    }
    if (value > setting.max()) {
      throw new Wrong("is more than " + setting.max() + unit);
    }
  }
}
