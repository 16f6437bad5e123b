package dev.rookery.base;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Tells whether text is Unicode text that every part of the server can hold.
 *
 * <p>An unpaired surrogate is half of a character. It has no form in UTF-8, so a driver, a hash or
 * a socket would replace it, and two different texts would become the same one.
 */
public final class Text {
  private static final int DECODED_AT_ONCE = 1_024;

  private Text() {}

  /** Whether the text has no unpaired surrogate. */
  public static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /**
   * Whether both databases store the text as it is: it is well-formed and has no zero character,
   * which PostgreSQL refuses.
   */
  public static boolean isStorable(String text) {
    return text.indexOf(0) < 0 && isWellFormed(text);
  }

  /**
   * Whether the bytes are UTF-8. Encoded surrogates and encodings that are longer than necessary
   * are not.
   */
  public static boolean isUtf8(byte[] bytes) {
    int ascii = 0;
    while (ascii < bytes.length && bytes[ascii] >= 0) {
      ascii++;
    }
    if (ascii == bytes.length) {
      return true;
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer encoded = ByteBuffer.wrap(bytes, ascii, bytes.length - ascii);
    CharBuffer decoded = CharBuffer.allocate(Math.min(DECODED_AT_ONCE, bytes.length - ascii));
    while (true) {
      CoderResult result = decoder.decode(encoded, decoded, true);
      if (result.isUnderflow()) {
        return true;
      }
      if (result.isError()) {
        return false;
      }
      decoded.clear();
    }
  }
}
