package dev.rookery.script;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoding of what nodes send each other about a keyspace. Every frame begins with its type;
 * strings of bytes have a length of four bytes before them. A frame that is cut off, or has a
 * length that it cannot have, throws {@link IllegalArgumentException}.
 */
final class ScriptFrames {
  /** A frame is sent when it has reached this size. */
  static final int SIZE = 256 << 10;

  private static final int DEPTH_MAX = 10_000;

  private static final int NULL = 0;
  private static final int STATUS = 1;
  private static final int INT = 2;
  private static final int BULK = 3;
  private static final int ARRAY = 4;
  private static final int FAILED = 5;

  private ScriptFrames() {}

  /** Writes a frame. */
  static final class Writer {
    private final Buffer buffer = Buffer.buffer();

    int size() {
      return buffer.length();
    }

    Buffer buffer() {
      return buffer;
    }

    Writer number(long value) {
      buffer.appendLong(value);
      return this;
    }

    Writer kind(int value) {
      buffer.appendByte((byte) value);
      return this;
    }

    Writer bytes(byte[] bytes) {
      buffer.appendInt(bytes.length).appendBytes(bytes);
      return this;
    }

    Writer text(String text) {
      return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    Writer list(List<byte[]> all) {
      buffer.appendInt(all.size());
      all.forEach(this::bytes);
      return this;
    }

    Writer result(ScriptResult result) {
      switch (result) {
        case ScriptResult.Null _ -> kind(NULL);
        case ScriptResult.Status(var text) -> kind(STATUS).bytes(text);
        case ScriptResult.Int(var value) -> kind(INT).number(value);
        case ScriptResult.Bulk(var bytes) -> kind(BULK).bytes(bytes);
        case ScriptResult.Failed(var message) -> kind(FAILED).bytes(message);
        case ScriptResult.Array(var elements) -> {
          kind(ARRAY);
          buffer.appendInt(elements.size());
          elements.forEach(this::result);
        }
      }
      return this;
    }
  }

  /** Reads a frame. */
  static final class Reader {
    private final Buffer buffer;
    private int at;

    Reader(Buffer buffer) {
      this.buffer = buffer;
    }

    boolean hasMore() {
      return at < buffer.length();
    }

    long number() {
      require(Long.BYTES);
      long value = buffer.getLong(at);
      at += Long.BYTES;
      return value;
    }

    int kind() {
      require(1);
      return buffer.getByte(at++);
    }

    byte[] bytes() {
      int length = length(1);
      byte[] bytes = buffer.getBytes(at, at + length);
      at += length;
      return bytes;
    }

    String text() {
      return new String(bytes(), StandardCharsets.UTF_8);
    }

    List<byte[]> list() {
      int size = length(Integer.BYTES);
      var all = new ArrayList<byte[]>(size);
      for (int i = 0; i < size; i++) {
        all.add(bytes());
      }
      return all;
    }

    ScriptResult result() {
      return result(0);
    }

    private ScriptResult result(int depth) {
      int kind = kind();
      return switch (kind) {
        case NULL -> ScriptResult.Null.NULL;
        case STATUS -> new ScriptResult.Status(bytes());
        case INT -> new ScriptResult.Int(number());
        case BULK -> new ScriptResult.Bulk(bytes());
        case FAILED -> new ScriptResult.Failed(bytes());
        case ARRAY -> array(depth);
        default -> throw new IllegalArgumentException("unknown kind of result " + kind);
      };
    }

    private ScriptResult array(int depth) {
      if (depth == DEPTH_MAX) {
        throw new IllegalArgumentException("a result is nested too deeply");
      }
      int size = length(1);
      var elements = new ArrayList<ScriptResult>(size);
      for (int i = 0; i < size; i++) {
        elements.add(result(depth + 1));
      }
      return new ScriptResult.Array(elements);
    }

    /**
     * A number of things that follow.
     *
     * @param least bytes that each of them has
     */
    private int length(int least) {
      require(Integer.BYTES);
      int length = buffer.getInt(at);
      at += Integer.BYTES;
      if (length < 0 || (long) length * least > buffer.length() - at) {
        throw new IllegalArgumentException("a frame of another node has an impossible length");
      }
      return length;
    }

    private void require(int bytes) {
      if (buffer.length() - at < bytes) {
        throw new IllegalArgumentException("a frame of another node is cut off");
      }
    }
  }
}
