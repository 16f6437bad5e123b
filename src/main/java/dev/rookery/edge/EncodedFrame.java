package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An immutable WebSocket frame, encoded once with its header and written to any number of sockets.
 *
 * <p>From the second socket on, all sockets share one copy in direct memory, which the kernel reads
 * without another copy; most messages have one recipient and need none.
 */
public final class EncodedFrame {
  private static final int FINAL = 0x80;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;

  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;

  private final byte[] bytes;
  private final int header;
  private boolean sent;
  private volatile @Nullable ByteBuf shared;

  private EncodedFrame(int opcode, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    header = length < LENGTH_16 ? 2 : length <= 0xFFFF ? 4 : 10;
    bytes = new byte[header + length];
    bytes[0] = (byte) (FINAL | opcode);
    if (length < LENGTH_16) {
      bytes[1] = (byte) length;
    } else {
      bytes[1] = (byte) (length <= 0xFFFF ? LENGTH_16 : LENGTH_64);
      for (int index = header - 1, remaining = length; index >= 2; index--, remaining >>>= 8) {
        bytes[index] = (byte) remaining;
      }
    }
    int end = header;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, bytes, end, part.length);
      end += part.length;
    }
  }

  /** A text frame of the concatenated parts, which together must be valid UTF-8. */
  public static EncodedFrame text(byte[]... parts) {
    return new EncodedFrame(TEXT, parts);
  }

  public static EncodedFrame binary(byte[]... parts) {
    return new EncodedFrame(BINARY, parts);
  }

  static EncodedFrame ping() {
    return new EncodedFrame(PING);
  }

  static EncodedFrame pong(byte[] content) {
    return new EncodedFrame(PONG, content);
  }

  static EncodedFrame close(int code, String reason) {
    return new EncodedFrame(
        CLOSE,
        new byte[] {(byte) (code >>> 8), (byte) code},
        reason.getBytes(StandardCharsets.UTF_8));
  }

  /** The size of the frame in bytes, including its header. */
  public int size() {
    return bytes.length;
  }

  public boolean isText() {
    return (bytes[0] & 0xF) == TEXT;
  }

  /** A copy of the payload. */
  public byte[] payload() {
    return Arrays.copyOfRange(bytes, header, bytes.length);
  }

  /** The frame's bytes, for a write to one socket; the caller owns the reference. */
  ByteBuf buffer() {
    ByteBuf all = shared;
    if (all == null) {
      // A race of two event loops here costs at worst a second copy.
      if (!sent) {
        sent = true;
        return Unpooled.wrappedBuffer(bytes);
      }
      all = Unpooled.wrappedBuffer(DirectBufferAllocator.copy(bytes));
      shared = all;
    }
    return all.retainedDuplicate();
  }

  void writeTo(ByteBuf frames) {
    frames.writeBytes(bytes);
  }

  ByteBuf content() {
    return Unpooled.wrappedBuffer(bytes, header, bytes.length - header);
  }
}
