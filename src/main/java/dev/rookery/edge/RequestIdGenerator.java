package dev.rookery.edge;

import dev.rookery.base.Ids;
import org.jspecify.annotations.Nullable;

/**
 * Names requests. A random beginning for each event loop and a counter: unique enough to find a
 * request in the logs of all nodes, and far cheaper than randomness per request. Nothing may rely
 * on the names being hard to guess.
 */
final class RequestIdGenerator {
  private static final int LENGTH_MAX = 200;
  private static final int PREFIX_BYTES = 9;
  private static final char[] DIGITS = "0123456789abcdef".toCharArray();

  private final String prefix;
  private int count;

  RequestIdGenerator(Ids ids) {
    this.prefix = ids.token(PREFIX_BYTES);
  }

  /** The given name if it is short and printable, else a new one. */
  String acceptOrCreate(@Nullable String given) {
    return given != null && isUsable(given) ? given : next();
  }

  private String next() {
    int number = count++;
    char[] digits = new char[Integer.BYTES * 2];
    for (int i = digits.length - 1; i >= 0; i--) {
      digits[i] = DIGITS[number & 0xf];
      number >>>= 4;
    }
    return prefix.concat(new String(digits));
  }

  private static boolean isUsable(String given) {
    if (given.isEmpty() || given.length() > LENGTH_MAX) {
      return false;
    }
    for (int i = 0; i < given.length(); i++) {
      char c = given.charAt(i);
      if (c <= ' ' || c >= 0x7f) {
        return false;
      }
    }
    return true;
  }
}
