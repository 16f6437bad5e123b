package dev.rookery.lua;

import java.util.Arrays;

/** Bytes that grow, whose memory counts for a call. */
final class ByteBuilder {
  private final LuaCall call;
  byte[] bytes;
  int length;

  ByteBuilder(LuaCall call, int capacity) {
    this.call = call;
    call.allocate(capacity);
    this.bytes = new byte[capacity];
  }

  int capacity() {
    return bytes.length;
  }

  void ensure(int more) {
    if (bytes.length - length < more) {
      long wanted = Math.max((long) length + more, bytes.length * 2L);
      if ((long) length + more > Integer.MAX_VALUE - 64) {
        throw new LuaError("string length overflow");
      }
      int capacity = (int) Math.min(wanted, Integer.MAX_VALUE - 64);
      call.allocate(capacity);
      call.work(length >> 8);
      bytes = Arrays.copyOf(bytes, capacity);
    }
  }

  ByteBuilder add(int b) {
    if (length == bytes.length) {
      ensure(1);
    }
    bytes[length++] = (byte) b;
    return this;
  }

  ByteBuilder add(byte[] source, int from, int to) {
    ensure(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
    return this;
  }

  ByteBuilder add(LuaString text) {
    return add(text.bytes, 0, text.length());
  }

  ByteBuilder addLatin1(String text) {
    int n = text.length();
    ensure(n);
    for (int i = 0; i < n; i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
    return this;
  }

  LuaString toLuaString() {
    return call.newString(bytes, 0, length);
  }
}
