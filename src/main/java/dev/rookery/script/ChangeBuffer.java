package dev.rookery.script;

import dev.rookery.keyspace.ChangeLog;
import dev.rookery.keyspace.Keyspace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects the changes of one script as bytes: each command as the number of its arguments, and
 * their lengths and contents. Numbers take seven bits a byte, the lowest first. Not thread-safe.
 */
final class ChangeBuffer implements ChangeLog {
  /**
   * How many bytes one script may change: they are stored in one row, which databases and the heap
   * must be able to hold several times.
   */
  static final int CHANGES_MAX = 16 << 20;

  private static final int SMALLEST = 512;

  /** A larger buffer is not kept for the next script. */
  private static final int KEPT_MAX = 1 << 20;

  private static final int BITS = 7;
  private static final int MORE = 1 << BITS;

  private byte[] bytes = new byte[SMALLEST];
  private int size;

  @Override
  public void changed(byte[][] command) {
    append(command.length);
    for (byte[] argument : command) {
      append(argument.length);
      reserve(argument.length);
      System.arraycopy(argument, 0, bytes, size, argument.length);
      size += argument.length;
    }
  }

  /** Bytes of the changes of the present script. */
  int size() {
    return size;
  }

  /** Whether the present script has changed something. */
  boolean isEmpty() {
    return size == 0;
  }

  /** Returns the changes and starts anew; null if there are none. */
  byte @Nullable [] take() {
    if (size == 0) {
      return null;
    }
    byte[] taken = Arrays.copyOf(bytes, size);
    size = 0;
    if (bytes.length > KEPT_MAX) {
      bytes = new byte[SMALLEST];
    }
    return taken;
  }

  /**
   * Repeats changes.
   *
   * @throws IllegalArgumentException if they are damaged
   */
  static void apply(byte[] changes, Keyspace keyspace) {
    var reader = new Reader(changes);
    while (reader.at < changes.length) {
      keyspace.apply(reader.command());
    }
  }

  private void append(int number) {
    reserve(Integer.BYTES + 1);
    int rest = number;
    while (rest >= MORE) {
      bytes[size++] = (byte) (rest | MORE);
      rest >>>= BITS;
    }
    bytes[size++] = (byte) rest;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, more)));
    }
  }

  private static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[][] command() {
      byte[][] command = new byte[number(1)][];
      for (int i = 0; i < command.length; i++) {
        int length = number(0);
        command[i] = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
      }
      return command;
    }

    /** A number of bytes that follow, or of arguments, each of which has one at least. */
    private int number(int least) {
      int value = 0;
      int shift = 0;
      int part;
      do {
        if (at == bytes.length || shift > Integer.SIZE) {
          throw new IllegalArgumentException("the changes of a script are cut off");
        }
        part = bytes[at++];
        value |= (part & (MORE - 1)) << shift;
        shift += BITS;
      } while ((part & MORE) != 0);
      if (value < least || value > bytes.length - at) {
        throw new IllegalArgumentException("the changes of a script are damaged");
      }
      return value;
    }
  }
}
