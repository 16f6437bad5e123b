package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message in the very bytes of its WebSocket frame, header included: made once, written to any
 * number of sockets. Nothing may change the bytes any more.
 *
 * <p>From its second socket on it lies outside the heap, and all share it there; most messages have
 * only one.
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
      for (int place = header - 1, rest = length; place >= 2; place--, rest >>>= 8) {
        bytes[place] = (byte) rest;
      }
    }
    int end = header;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, bytes, end, part.length);
      end += part.length;
    }
  }

  /** A text message of these parts, which are valid UTF-8 when put together. */
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

  /** Bytes on the line. */
  public int size() {
    return bytes.length;
  }

  public boolean isText() {
    return (bytes[0] & 0xF) == TEXT;
  }

  /** A copy of what the frame carries. */
  public byte[] payload() {
    return Arrays.copyOfRange(bytes, header, bytes.length);
  }

  /** To be written to one socket. */
  ByteBuf buffer() {
    ByteBuf all = shared;
    if (all == null) {
      // Two loops that see this at the same time both take a copy, or share two.
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
