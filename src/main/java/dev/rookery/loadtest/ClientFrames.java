package dev.rookery.loadtest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Encodes WebSocket frames of a client: unfragmented and masked. */
final class ClientFrames {
  private static final int FINAL = 0x80;
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PONG = 0xA;
  private static final int MASKED = 0x80;
  private static final int LENGTH_16 = 126;

  // Not zero, so that the server has to unmask.
  private static final byte[] MASK = {0x5A, 0x13, 0x66, 0x2D};

  private ClientFrames() {}

  static byte[] text(String text) {
    return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] pong(byte[] content) {
    return frame(PONG, content);
  }

  static byte[] close(int code) {
    return frame(CLOSE, new byte[] {(byte) (code >>> 8), (byte) code});
  }

  static ByteBuf shared(byte[] frame) {
    return Unpooled.wrappedBuffer(frame);
  }

  private static byte[] frame(int opcode, byte[] content) {
    if (content.length > 0xFFFF) {
      throw new IllegalArgumentException("a frame of " + content.length + " bytes");
    }
    int header = content.length < LENGTH_16 ? 2 : 4;
    var frame = new byte[header + MASK.length + content.length];
    frame[0] = (byte) (FINAL | opcode);
    if (header == 2) {
      frame[1] = (byte) (MASKED | content.length);
    } else {
      frame[1] = (byte) (MASKED | LENGTH_16);
      frame[2] = (byte) (content.length >>> 8);
      frame[3] = (byte) content.length;
    }
    System.arraycopy(MASK, 0, frame, header, MASK.length);
    for (int i = 0; i < content.length; i++) {
      frame[header + MASK.length + i] = (byte) (content[i] ^ MASK[i & 3]);
    }
    return frame;
  }
}
