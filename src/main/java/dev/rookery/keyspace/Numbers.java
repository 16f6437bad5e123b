package dev.rookery.keyspace;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Numbers as Redis reads and prints them. */
final class Numbers {
  static final int TEXT_MAX = 5 * 1024;

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
  private static final Pattern INFINITE =
      Pattern.compile("[+-]?inf(?:inity)?", Pattern.CASE_INSENSITIVE);
  private static final Pattern HEXADECIMAL =
      Pattern.compile(
          "[+-]?0[xX](?:[0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)(?:[pP][+-]?[0-9]+)?");

  private Numbers() {}

  /** A whole number without sign plus, leading zeros or spaces. */
  static OptionalLong parseInteger(byte[] text) {
    int length = text.length;
    if (length == 0 || length > 20) {
      return OptionalLong.empty();
    }
    boolean negative = text[0] == '-';
    int i = negative ? 1 : 0;
    if (i == length) {
      return OptionalLong.empty();
    }
    if (text[i] == '0') {
      return length == 1 ? OptionalLong.of(0) : OptionalLong.empty();
    }
    long value = 0;
    for (; i < length; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return OptionalLong.empty();
      }
      // Below zero, as there is one negative number more.
      if (value < (Long.MIN_VALUE + digit) / 10) {
        return OptionalLong.empty();
      }
      value = value * 10 - digit;
    }
    if (negative) {
      return OptionalLong.of(value);
    }
    return value == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(-value);
  }

  static long integer(byte[] text) {
    return integer(text, CommandError.NOT_AN_INTEGER);
  }

  static long integer(byte[] text, String error) {
    return parseInteger(text).orElseThrow(() -> new CommandError(error));
  }

  static long sum(long value, long increment) {
    try {
      return Math.addExact(value, increment);
    } catch (ArithmeticException _) {
      throw new CommandError("ERR increment or decrement would overflow");
    }
  }

  /** A number as {@code strtod} reads it, without spaces around it. */
  static OptionalDouble parseReal(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > TEXT_MAX) {
      return OptionalDouble.empty();
    }
    String text = ByteStrings.text(bytes);
    if (INFINITE.matcher(text).matches()) {
      return OptionalDouble.of(
          text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    double value;
    if (DECIMAL.matcher(text).matches()) {
      value = Double.parseDouble(text);
    } else if (HEXADECIMAL.matcher(text).matches()) {
      boolean exponent = text.indexOf('p') >= 0 || text.indexOf('P') >= 0;
      value = Double.parseDouble(exponent ? text : text + "p0");
    } else {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(value);
  }

  /** The text from where {@code strtod} begins to read. */
  static byte[] withoutSpacesBefore(byte[] text) {
    int from = 0;
    while (from < text.length && (text[from] == ' ' || text[from] >= '\t' && text[from] <= '\r')) {
      from++;
    }
    return from == 0 ? text : Arrays.copyOfRange(text, from, text.length);
  }

  static double real(byte[] text) {
    return real(text, CommandError.NOT_A_FLOAT);
  }

  /** A number that is not too large and not too small for a double. */
  static double real(byte[] bytes, String error) {
    double value = parseReal(bytes).orElseThrow(() -> new CommandError(error));
    String text = ByteStrings.text(bytes);
    if (Double.isInfinite(value) && !INFINITE.matcher(text).matches()
        || value == 0 && !isZero(text)) {
      throw new CommandError(error);
    }
    return value;
  }

  /** Whether the digits of a number are all zero, whatever its exponent. */
  static boolean isZero(String number) {
    boolean hexadecimal = number.indexOf('x') >= 0 || number.indexOf('X') >= 0;
    String exponent = hexadecimal ? "pP" : "eE";
    for (int i = 0; i < number.length() && exponent.indexOf(number.charAt(i)) < 0; i++) {
      if (Character.digit(number.charAt(i), hexadecimal ? 16 : 10) > 0) {
        return false;
      }
    }
    return true;
  }

  /** Prints a double as {@code %.17g} of C does. */
  static String print(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    if (value == (long) value && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(17, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    BigDecimal stripped = rounded.stripTrailingZeros();
    if (exponent >= -4 && exponent < 17) {
      return stripped.toPlainString();
    }
    String digits = stripped.unscaledValue().abs().toString();
    var text = new StringBuilder(value < 0 ? "-" : "").append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    return text.append(
            String.format(Locale.ROOT, "e%c%02d", exponent < 0 ? '-' : '+', Math.abs(exponent)))
        .toString();
  }
}
