package dev.rookery.lua;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Numbers of Lua: boxing with a cache of small integers, and both directions of text. */
public final class LuaNumber {
  /** What x86 makes of 0/0. {@code tostring} shows the sign, so it is kept. */
  static final double NEGATIVE_NAN = Double.longBitsToDouble(0xfff8000000000000L);

  private static final int CACHE_MIN = -128;
  private static final int CACHE_MAX = 1023;
  private static final Double[] CACHE = new Double[CACHE_MAX - CACHE_MIN + 1];
  private static final LuaString[] TEXTS = new LuaString[CACHE_MAX + 1];

  static {
    for (int i = CACHE_MIN; i <= CACHE_MAX; i++) {
      CACHE[i - CACHE_MIN] = (double) i;
    }
    for (int i = 0; i <= CACHE_MAX; i++) {
      TEXTS[i] = LuaString.of(Integer.toString(i));
    }
  }

  private LuaNumber() {}

  /** Boxes a number. */
  public static Double of(double value) {
    int i = (int) value;
    if (i == value
        && i >= CACHE_MIN
        && i <= CACHE_MAX
        && (i != 0 || Double.doubleToRawLongBits(value) == 0)) {
      return CACHE[i - CACHE_MIN];
    }
    return value;
  }

  /** Boxes an integer. */
  public static Double of(int value) {
    return value >= CACHE_MIN && value <= CACHE_MAX
        ? CACHE[value - CACHE_MIN]
        : (Double) (double) value;
  }

  static LuaString text(double value) {
    int i = (int) value;
    if (i == value
        && i >= 0
        && i <= CACHE_MAX
        && (i != 0 || Double.doubleToRawLongBits(value) == 0)) {
      return TEXTS[i];
    }
    return LuaString.ofLatin1(format(value));
  }

  /** Formats as C's {@code %.14g}. */
  public static String format(double value) {
    long whole = (long) value;
    if (whole == value && Math.abs(value) < 1e14) {
      return whole == 0 && Double.doubleToRawLongBits(value) != 0 ? "-0" : Long.toString(whole);
    }
    double size = Math.abs(value);
    if (size >= 1e-3 && size < 1e7) {
      // Java's shortest text has the same form here, unless it has more digits than 14.
      String brief = Double.toString(value);
      if (brief.length() <= 14) {
        return brief;
      }
    }
    return formatG(value, 14, false);
  }

  static @Nullable String special(double value) {
    if (Double.isNaN(value)) {
      return Double.doubleToRawLongBits(value) < 0 ? "-nan" : "nan";
    }
    return Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : null;
  }

  /** Formats as C's {@code %.<precision>g}; {@code alternate} keeps trailing zeros, as '#' does. */
  static String formatG(double value, int precision, boolean alternate) {
    String special = special(value);
    if (special != null) {
      return special;
    }
    int digits = Math.max(precision, 1);
    boolean negative = Double.doubleToRawLongBits(value) < 0;
    String digitText;
    int exponent;
    if (value == 0) {
      digitText = "0".repeat(digits);
      exponent = 0;
    } else {
      BigDecimal rounded = shortest(Math.abs(value), digits);
      String unscaled = rounded.unscaledValue().toString();
      exponent = unscaled.length() - 1 - rounded.scale();
      digitText =
          unscaled.length() < digits
              ? unscaled + "0".repeat(digits - unscaled.length())
              : unscaled.substring(0, digits);
    }
    StringBuilder out = new StringBuilder(digits + 8);
    if (negative) {
      out.append('-');
    }
    boolean scientific = exponent < -4 || exponent >= digits;
    if (scientific) {
      out.append(digitText.charAt(0));
      appendFraction(out, digitText.substring(1), alternate);
      appendExponent(out, exponent);
    } else if (exponent >= 0) {
      out.append(digitText, 0, exponent + 1);
      appendFraction(out, digitText.substring(exponent + 1), alternate);
    } else {
      out.append('0');
      appendFraction(out, "0".repeat(-exponent - 1) + digitText, alternate);
    }
    return out.toString();
  }

  /** The shortest text of a double often has no more digits than asked for, and is then exact. */
  private static BigDecimal shortest(double value, int digits) {
    if (digits <= 15 && value > 1e-300) {
      BigDecimal brief = BigDecimal.valueOf(value);
      if (brief.precision() <= digits) {
        return brief;
      }
    }
    return new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static void appendFraction(StringBuilder out, String fraction, boolean alternate) {
    int end = fraction.length();
    while (!alternate && end > 0 && fraction.charAt(end - 1) == '0') {
      end--;
    }
    if (end > 0 || alternate) {
      out.append('.').append(fraction, 0, end);
    }
  }

  static void appendExponent(StringBuilder out, int exponent) {
    out.append('e').append(exponent < 0 ? '-' : '+');
    int e = Math.abs(exponent);
    if (e < 10) {
      out.append('0');
    }
    out.append(e);
  }

  /** Formats as C's {@code %.<precision>f}. */
  static String formatF(double value, int precision, boolean alternate) {
    String special = special(value);
    if (special != null) {
      return special;
    }
    String text =
        new BigDecimal(Math.abs(value)).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    return (Double.doubleToRawLongBits(value) < 0 ? "-" : "")
        + text
        + (alternate && precision == 0 ? "." : "");
  }

  /** Formats as C's {@code %.<precision>e}. */
  static String formatE(double value, int precision, boolean alternate) {
    String special = special(value);
    if (special != null) {
      return special;
    }
    StringBuilder out = new StringBuilder();
    if (Double.doubleToRawLongBits(value) < 0) {
      out.append('-');
    }
    String digits = "0".repeat(precision + 1);
    int exponent = 0;
    if (value != 0) {
      BigDecimal rounded =
          new BigDecimal(Math.abs(value))
              .round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
      String unscaled = rounded.unscaledValue().toString();
      exponent = unscaled.length() - 1 - rounded.scale();
      digits =
          unscaled.length() <= precision
              ? unscaled + "0".repeat(precision + 1 - unscaled.length())
              : unscaled.substring(0, precision + 1);
    }
    out.append(digits.charAt(0));
    if (precision > 0 || alternate) {
      out.append('.').append(digits, 1, digits.length());
    }
    appendExponent(out, exponent);
    return out.toString();
  }

  /** Reads a number as Lua does: as C's strtod, with spaces around it. Null where it is none. */
  public static @Nullable Double parse(LuaString text) {
    byte[] b = text.bytes;
    int end = b.length;
    if (end > 0 && end < 10) {
      // Nearly all texts that become numbers are short decimal integers.
      int n = 0;
      int i = 0;
      while (i < end && b[i] >= '0' && b[i] <= '9') {
        n = n * 10 + b[i++] - '0';
      }
      if (i == end) {
        return of(n);
      }
    }
    double[] value = new double[1];
    int stop = NumberReader.read(b, 0, value);
    if (stop == 0) {
      return null;
    }
    while (stop < end && NumberReader.isSpace(b[stop])) {
      stop++;
    }
    // C reads up to a zero byte.
    return stop == end || b[stop] == 0 ? of(value[0]) : null;
  }
}
