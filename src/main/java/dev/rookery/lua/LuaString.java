package dev.rookery.lua;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A string of Lua: any bytes, immutable. Its hash is the one of Lua 5.1, because the order in which
 * a table lists its keys follows from it.
 */
public final class LuaString {
  /** The empty string. */
  public static final LuaString EMPTY = new LuaString(new byte[0]);

  private static final LuaString[] SINGLE = new LuaString[256];

  static {
    for (int i = 0; i < 256; i++) {
      SINGLE[i] = new LuaString(new byte[] {(byte) i});
    }
  }

  /** Below this size Lua's hash covers each byte. */
  private static final int FULLY_HASHED = 32;

  final byte[] bytes;

  /** The measurement of reachable memory that counted this string last. */
  int mark;

  private int hash;
  private long wideHash;

  private LuaString(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns the UTF-8 bytes of a text. */
  public static LuaString of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Wraps the array without a copy; the caller changes it no more. */
  public static LuaString of(byte[] bytes) {
    if (bytes.length <= 1) {
      return bytes.length == 0 ? EMPTY : SINGLE[bytes[0] & 0xff];
    }
    return new LuaString(bytes);
  }

  static LuaString of(byte[] bytes, int from, int to) {
    if (to - from <= 1) {
      return to <= from ? EMPTY : SINGLE[bytes[from] & 0xff];
    }
    return new LuaString(Arrays.copyOfRange(bytes, from, to));
  }

  /** Returns the number of bytes. */
  public int length() {
    return bytes.length;
  }

  /** Returns the bytes themselves, not a copy; the caller does not change them. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns a copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  int at(int index) {
    return bytes[index] & 0xff;
  }

  @Override
  public int hashCode() {
    // Threads share constants: each computes the hash at worst once more, and none sees half of it.
    int h = hash;
    if (h == 0) {
      h = bytes.length;
      int step = (bytes.length >> 5) + 1;
      for (int i = bytes.length; i >= step; i -= step) {
        h ^= (h << 5) + (h >>> 2) + (bytes[i - 1] & 0xff);
      }
      hash = h;
    }
    return h;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this || other instanceof LuaString s && sameAs(s);
  }

  boolean sameAs(LuaString other) {
    if (bytes.length != other.bytes.length || hashCode() != other.hashCode()) {
      return false;
    }
    // Lua hashes a sample of a long string. Keys chosen to collide would make each look-up compare
    // all bytes of all of them, so the hash of all bytes decides first.
    if (bytes.length >= FULLY_HASHED && wideHash() != other.wideHash()) {
      return false;
    }
    return Arrays.equals(bytes, other.bytes);
  }

  private long wideHash() {
    long h = wideHash;
    if (h == 0) {
      h = 0x9E3779B97F4A7C15L;
      for (byte b : bytes) {
        h = (h ^ b) * 0x100000001B3L;
      }
      wideHash = h;
    }
    return h;
  }

  /** Returns the bytes before the first zero, which are all that C reads of a string. */
  LuaString cString() {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return of(bytes, 0, i);
      }
    }
    return this;
  }

  int compareTo(LuaString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  /** Returns the bytes read as UTF-8, with replacement characters where they are not. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Returns each byte as one character, so that nothing is lost. */
  String toLatin1() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static LuaString ofLatin1(String text) {
    return of(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
