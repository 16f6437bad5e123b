package dev.rookery.edge;

import dev.rookery.base.Ids;
import org.jspecify.annotations.Nullable;

/**
 * Generates request ids: a random prefix per event loop and a counter. Unique enough to find a
 * request in the logs of all nodes, and far cheaper than randomness per request. The ids are
 * guessable and must not be used as secrets.
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

  /**
   * The client's id if it is printable ASCII of at most {@value #LENGTH_MAX} characters, otherwise
   * a new one.
   */
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
