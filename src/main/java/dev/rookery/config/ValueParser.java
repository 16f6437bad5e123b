package dev.rookery.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses values. An error message continues a sentence that begins with the value. */
final class ValueParser {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d|)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB|)");
  private static final Pattern PART = Pattern.compile("\\d+(\\.\\d+)?([eE]-\\d{1,2})?");
  private static final Pattern INTEGER = Pattern.compile("-?\\d{1,18}");

  private static final int SHOWN_MAX = 64;

  // Ten years; a longer duration is a mistake, and would overflow elsewhere.
  private static final Duration DURATION_MAX = Duration.ofDays(3_650);

  private ValueParser() {}

  /** A value that cannot be parsed or is out of range. */
  static final class InvalidValue extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidValue(String why) {
      super(why, null, false, false);
    }
  }

  /**
   * A value as an error shows it, in quotes. An address is not shown: it may have a password, and
   * be the value of another key.
   */
  static String shown(String text) {
    String value = text.strip();
    boolean plain = value.length() <= SHOWN_MAX && value.chars().noneMatch(ValueParser::isHidden);
    return plain ? "\"" + value + "\"" : "its value";
  }

  private static boolean isHidden(int c) {
    return c == '@' || c == '/' || Character.isISOControl(c);
  }

  static long parseInteger(String text) throws InvalidValue {
    if (!INTEGER.matcher(text).matches()) {
      throw new InvalidValue("is not a whole number");
    }
    return Long.parseLong(text);
  }

  /** A part of a whole, from 0 to 1. */
  static double parsePart(String text) throws InvalidValue {
    // Jackson writes small numbers of a file with an exponent.
    double part = PART.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    if (part >= 0 && part <= 1) {
      return part;
    }
    throw new InvalidValue("is not a number from 0 to 1 such as 0.05");
  }

  static long parseBytes(String text) throws InvalidValue {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new InvalidValue("is not a size such as 16384, 16KiB or 1MiB");
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

  static Duration parseDuration(String text) throws InvalidValue {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new InvalidValue("is not a duration such as 500ms, 20s, 15m, 24h or 30d");
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration duration = parseDuration(amount, matcher.group(2));
    if (duration.compareTo(DURATION_MAX) > 0) {
      throw new InvalidValue("is more than " + DURATION_MAX.toDays() + "d");
    }
    return duration;
  }

  private static Duration parseDuration(long amount, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> Duration.ofMillis(amount);
    };
  }

  static boolean parseBoolean(String text) throws InvalidValue {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new InvalidValue("is neither true nor false");
    };
  }

  static Path parsePath(String text) throws InvalidValue {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new InvalidValue("is not a path");
    }
  }

  static Object parseEnum(Class<?> type, String text) throws InvalidValue {
    Object[] choices = type.getEnumConstants();
    for (Object choice : choices) {
      if (choice.toString().equalsIgnoreCase(text)) {
        return choice;
      }
    }
    throw new InvalidValue(
        "is not one of "
            + Arrays.toString(choices).toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", ""));
  }

  static List<String> parseList(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  static void checkRange(long value, Setting setting, boolean duration) throws InvalidValue {
    String unit = duration ? "ms" : "";
    if (value < setting.min()) {
      throw new InvalidValue("is less than " + setting.min() + unit);
    }
    if (value > setting.max()) {
      throw new InvalidValue("is more than " + setting.max() + unit);
    }
  }
}
