package dev.rookery.keyspace;

import java.util.Arrays;

/** A string of bytes that grows at its end at a constant cost per byte. */
final class StringValue extends Value {
  private byte[] bytes;
  private int length;

  /** Whether somebody else may read the array, so that it must be copied before it changes. */
  private boolean shared = true;

  StringValue(byte[] bytes) {
    this.bytes = bytes;
    this.length = bytes.length;
  }

  int length() {
    return length;
  }

  byte at(int index) {
    return bytes[index];
  }

  void set(int index, byte value) {
    own(length);
    bytes[index] = value;
  }

  /** The content, in an array that nobody changes. */
  byte[] bytes() {
    if (bytes.length != length) {
      bytes = Arrays.copyOf(bytes, length);
    }
    shared = true;
    return bytes;
  }

  byte[] bytes(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  void replace(byte[] content) {
    bytes = content;
    length = content.length;
    shared = true;
  }

  /** Makes it at least so long, with zeros at the end. */
  void extend(int newLength) {
    if (newLength > length) {
      own(newLength);
      length = newLength;
    }
  }

  void write(int offset, byte[] content) {
    extend(offset + content.length);
    own(length);
    System.arraycopy(content, 0, bytes, offset, content.length);
  }

  private void own(int needed) {
    if (needed > bytes.length) {
      long roomy = Math.max(needed, bytes.length + bytes.length / 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(roomy, 512 << 20));
      shared = false;
    } else if (shared) {
      bytes = bytes.clone();
      shared = false;
    }
  }

  @Override
  String type() {
    return "string";
  }

  @Override
  long memory() {
    return 48 + ByteStrings.memory(bytes.length);
  }

  @Override
  boolean isEmpty() {
    return false;
  }

  @Override
  Value copy() {
    return new StringValue(bytes());
  }
}
