package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Packets that go out together on a socket, in their order. Sockets of one loop that are sent the
 * same packets come to the same burst, whose bytes are put together once for all of them: a burst
 * of events costs each follower one write. Confined to the loop, and good until it has flushed.
 */
final class FrameBatch {
  private static final int NEXT_MAX = 8;

  private final @Nullable FrameBatch before;
  private final @Nullable EncodedFrame last;
  private final int packets;
  private final int bytes;
  private FrameBatch @Nullable [] next;
  private int nexts;
  private @Nullable ByteBuf together;

  private FrameBatch(
      @Nullable FrameBatch before, @Nullable EncodedFrame last, int packets, int bytes) {
    this.before = before;
    this.last = last;
    this.packets = packets;
    this.bytes = bytes;
  }

  /** From where all bursts of one flush begin. */
  static FrameBatch empty() {
    return new FrameBatch(null, null, 0, 0);
  }

  /** With one more packet; for another socket with the same one, the same burst. */
  FrameBatch with(EncodedFrame packet) {
    if (next == null) {
      next = new FrameBatch[1];
    }
    for (int i = Math.min(nexts, next.length) - 1; i >= 0; i--) {
      if (next[i].last == packet) {
        return next[i];
      }
    }
    var longer = new FrameBatch(this, packet, packets + 1, bytes + packet.size());
    if (nexts == next.length && nexts < NEXT_MAX) {
      next = Arrays.copyOf(next, 2 * nexts);
    }
    // Which is forgotten is made again, and shared by fewer.
    next[nexts++ % next.length] = longer;
    return longer;
  }

  int packets() {
    return packets;
  }

  int bytes() {
    return bytes;
  }

  boolean isTogether() {
    return packets == 1 || together != null;
  }

  void putTogether(ByteBufAllocator allocator) {
    var parts = new EncodedFrame[packets];
    FrameBatch burst = this;
    for (int i = packets - 1; i >= 0 && burst != null; i--) {
      parts[i] = burst.last;
      burst = burst.before;
    }
    ByteBuf all = allocator.directBuffer(bytes, bytes);
    for (EncodedFrame part : parts) {
      part.writeTo(all);
    }
    together = all;
  }

  /** To be written to one socket. */
  ByteBuf frames() {
    if (packets == 1 && last != null) {
      return last.frame();
    }
    if (together == null) {
      throw new IllegalStateException("not together");
    }
    return together.retainedDuplicate();
  }

  /** The loop wants it no more; what is on its way to a socket stays until it is there. */
  void release() {
    if (together != null) {
      together.release();
      together = null;
    }
  }
}
