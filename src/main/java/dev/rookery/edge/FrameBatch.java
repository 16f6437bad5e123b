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
  private static final int SUCCESSORS_MAX = 8;

  private final @Nullable FrameBatch previous;
  private final @Nullable EncodedFrame frame;
  private final int frameCount;
  private final int byteCount;
  private FrameBatch @Nullable [] successors;
  private int successorCount;
  private @Nullable ByteBuf merged;

  private FrameBatch(
      @Nullable FrameBatch before, @Nullable EncodedFrame last, int packets, int bytes) {
    this.previous = before;
    this.frame = last;
    this.frameCount = packets;
    this.byteCount = bytes;
  }

  /** From where all bursts of one flush begin. */
  static FrameBatch empty() {
    return new FrameBatch(null, null, 0, 0);
  }

  /** With one more packet; for another socket with the same one, the same burst. */
  FrameBatch append(EncodedFrame packet) {
    if (successors == null) {
      successors = new FrameBatch[1];
    }
    for (int i = Math.min(successorCount, successors.length) - 1; i >= 0; i--) {
      if (successors[i].frame == packet) {
        return successors[i];
      }
    }
    var longer = new FrameBatch(this, packet, frameCount + 1, byteCount + packet.size());
    if (successorCount == successors.length && successorCount < SUCCESSORS_MAX) {
      successors = Arrays.copyOf(successors, 2 * successorCount);
    }
    // Which is forgotten is made again, and shared by fewer.
    successors[successorCount++ % successors.length] = longer;
    return longer;
  }

  int frameCount() {
    return frameCount;
  }

  int byteCount() {
    return byteCount;
  }

  boolean isMerged() {
    return frameCount == 1 || merged != null;
  }

  void merge(ByteBufAllocator allocator) {
    var parts = new EncodedFrame[frameCount];
    FrameBatch burst = this;
    for (int i = frameCount - 1; i >= 0 && burst != null; i--) {
      parts[i] = burst.frame;
      burst = burst.previous;
    }
    ByteBuf all = allocator.directBuffer(byteCount, byteCount);
    for (EncodedFrame part : parts) {
      part.writeTo(all);
    }
    merged = all;
  }

  /** To be written to one socket. */
  ByteBuf buffer() {
    if (frameCount == 1 && frame != null) {
      return frame.buffer();
    }
    if (merged == null) {
      throw new IllegalStateException("not together");
    }
    return merged.retainedDuplicate();
  }

  /** The loop wants it no more; what is on its way to a socket stays until it is there. */
  void release() {
    if (merged != null) {
      merged.release();
      merged = null;
    }
  }
}
