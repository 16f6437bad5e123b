package dev.rookery.lua;

import java.nio.charset.StandardCharsets;

/** Reads numbers as C's strtod: decimal, hexadecimal, "inf" and "nan". */
final class NumberReader {
  private NumberReader() {}

  static boolean isSpace(int c) {
    return c == ' ' || c >= 9 && c <= 13;
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static int hex(int c) {
    if (isDigit(c)) {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  private static int peek(byte[] b, int i) {
    return i < b.length ? b[i] : 0;
  }

  /**
   * Reads a number from {@code start} on.
   *
   * @return where the number ends, or {@code start} if there is none
   */
  static int read(byte[] b, int start, double[] value) {
    int i = start;
    while (i < b.length && isSpace(b[i])) {
      i++;
    }
    boolean negative = peek(b, i) == '-';
    if (negative || peek(b, i) == '+') {
      i++;
    }
    int end;
    if (peek(b, i) == '0' && (peek(b, i + 1) | 0x20) == 'x') {
      end = readHex(b, i + 2, value);
      if (end == i + 2) {
        // "0x" without digits is the number 0, followed by an x.
        value[0] = 0;
        end = i + 1;
      }
    } else if (word(b, i, "infinity")) {
      value[0] = Double.POSITIVE_INFINITY;
      end = i + 8;
    } else if (word(b, i, "inf")) {
      value[0] = Double.POSITIVE_INFINITY;
      end = i + 3;
    } else if (word(b, i, "nan")) {
      value[0] = Double.NaN;
      end = i + 3;
    } else {
      end = readDecimal(b, i, value);
      if (end == i) {
        return start;
      }
    }
    if (negative) {
      value[0] = -value[0];
    }
    return end;
  }

  private static boolean word(byte[] b, int at, String word) {
    for (int i = 0; i < word.length(); i++) {
      if ((peek(b, at + i) | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int readDecimal(byte[] b, int start, double[] value) {
    int i = start;
    while (isDigit(peek(b, i))) {
      i++;
    }
    int digits = i - start;
    if (peek(b, i) == '.') {
      int fraction = i + 1;
      int j = fraction;
      while (isDigit(peek(b, j))) {
        j++;
      }
      if (digits + j - fraction > 0) {
        digits += j - fraction;
        i = j;
      }
    }
    if (digits == 0) {
      return start;
    }
    if ((peek(b, i) | 0x20) == 'e') {
      int j = i + 1;
      if (peek(b, j) == '+' || peek(b, j) == '-') {
        j++;
      }
      if (isDigit(peek(b, j))) {
        while (isDigit(peek(b, j))) {
          j++;
        }
        i = j;
      }
    }
    value[0] = Double.parseDouble(new String(b, start, i - start, StandardCharsets.ISO_8859_1));
    return i;
  }

  private static int readHex(byte[] b, int start, double[] value) {
    double result = 0;
    int exponent = 0;
    int digits = 0;
    int i = start;
    for (; hex(peek(b, i)) >= 0; i++, digits++) {
      result = result * 16 + hex(peek(b, i));
    }
    if (peek(b, i) == '.') {
      int j = i + 1;
      for (; hex(peek(b, j)) >= 0; j++, digits++) {
        result = result * 16 + hex(peek(b, j));
        exponent -= 4;
      }
      if (digits > 0) {
        i = j;
      }
    }
    if (digits == 0) {
      return start;
    }
    if ((peek(b, i) | 0x20) == 'p') {
      int j = i + 1;
      boolean negative = peek(b, j) == '-';
      if (negative || peek(b, j) == '+') {
        j++;
      }
      if (isDigit(peek(b, j))) {
        int e = 0;
        for (; isDigit(peek(b, j)); j++) {
          e = Math.min(e * 10 + peek(b, j) - '0', 10_000);
        }
        exponent += negative ? -e : e;
        i = j;
      }
    }
    value[0] = result * Math.pow(2, exponent);
    return i;
  }
}
