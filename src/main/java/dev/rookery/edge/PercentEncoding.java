package dev.rookery.edge;

import dev.rookery.base.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Checks percent-encoded text before it is decoded: each escape has two hexadecimal digits, and
 * what they encode is UTF-8. Decoders differ in what they do with other text; some throw, some
 * replace characters.
 */
public final class PercentEncoding {
  private static final int HEXADECIMAL = 16;
  private static final int NIBBLE_BITS = 4;

  private PercentEncoding() {}

  /** Whether a query, or another part of a URI, can be decoded. */
  public static boolean isValid(String encoded) {
    boolean escaped = false;
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c <= ' ' || c > '~') {
        return false;
      }
      escaped |= c == '%';
    }
    return !escaped || isValid(encoded.getBytes(StandardCharsets.US_ASCII));
  }

  /** As {@link #isValid(String)}; a path may not contain the zero character either. */
  static boolean isValidPath(String path) {
    return isValid(path) && !path.contains("%00");
  }

  /** Whether a form can be decoded. Unlike a URI it may contain UTF-8 that is not escaped. */
  static boolean isValid(byte[] encoded) {
    byte[] decoded = new byte[encoded.length];
    int length = 0;
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] != '%') {
        decoded[length++] = encoded[i];
        continue;
      }
      if (i + 2 >= encoded.length) {
        return false;
      }
      int high = digit(encoded[i + 1]);
      int low = digit(encoded[i + 2]);
      if (high < 0 || low < 0) {
        return false;
      }
      decoded[length++] = (byte) (high << NIBBLE_BITS | low);
      i += 2;
    }
    return Text.isUtf8(length == decoded.length ? decoded : Arrays.copyOf(decoded, length));
  }

  private static int digit(byte c) {
    return Character.digit((char) (c & 0xff), HEXADECIMAL);
  }
}
