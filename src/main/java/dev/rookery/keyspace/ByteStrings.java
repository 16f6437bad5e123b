package dev.rookery.keyspace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Strings of bytes: the keys, values and arguments of commands. */
final class ByteStrings {
  static final byte[] EMPTY = {};

  private ByteStrings() {}

  static byte[] of(String text) {
    return text.getBytes(UTF_8);
  }

  static byte[] of(long number) {
    return Long.toString(number).getBytes(ISO_8859_1);
  }

  /** The bytes as characters 0 to 255, for messages and for comparison with ASCII words. */
  static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  /** Whether the bytes are this word of lower-case ASCII, in any case. */
  static boolean is(byte[] bytes, String word) {
    if (bytes.length != word.length()) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (lower(bytes[i]) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static String lowerCase(byte[] bytes) {
    byte[] lower = bytes.clone();
    for (int i = 0; i < lower.length; i++) {
      lower[i] = lower(lower[i]);
    }
    return text(lower);
  }

  static byte lower(byte character) {
    return character >= 'A' && character <= 'Z' ? (byte) (character + 32) : character;
  }

  /** Bytes that an array of this length takes on the heap. */
  static long memory(int length) {
    return (16 + length + 7L) & ~7L;
  }

  static long memory(byte[] bytes) {
    return memory(bytes.length);
  }
}
