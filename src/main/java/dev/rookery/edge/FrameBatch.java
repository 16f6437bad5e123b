package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sequence of frames that a socket sends with one write. Sockets of an event loop that
 * are sent the same frames share one batch, and its bytes are concatenated once for all of them, so
 * that many events at once cost each subscriber a single write. Confined to the event loop, and
 * valid until the next flush.
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
      @Nullable FrameBatch previous, @Nullable EncodedFrame frame, int frames, int byteCount) {
    this.previous = previous;
    this.frame = frame;
    this.frameCount = frames;
    this.byteCount = byteCount;
  }

  /** An empty batch, from which all batches of one flush are built. */
  static FrameBatch empty() {
    return new FrameBatch(null, null, 0, 0);
  }

  /** This batch with one more frame. Appending the same frame again returns the same batch. */
  FrameBatch append(EncodedFrame added) {
    if (successors == null) {
      successors = new FrameBatch[1];
    }
    for (int i = Math.min(successorCount, successors.length) - 1; i >= 0; i--) {
      if (successors[i].frame == added) {
        return successors[i];
      }
    }
    var longer = new FrameBatch(this, added, frameCount + 1, byteCount + added.size());
    if (successorCount == successors.length && successorCount < SUCCESSORS_MAX) {
      successors = Arrays.copyOf(successors, 2 * successorCount);
    }
    // An entry that is overwritten is created again on demand, and then shared by fewer sockets.
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
    FrameBatch batch = this;
    for (int i = frameCount - 1; i >= 0 && batch != null; i--) {
      parts[i] = batch.frame;
      batch = batch.previous;
    }
    ByteBuf all = allocator.directBuffer(byteCount, byteCount);
    for (EncodedFrame part : parts) {
      part.writeTo(all);
    }
    merged = all;
  }

  /** The bytes of all frames, for a write to one socket; the caller owns the reference. */
  ByteBuf buffer() {
    if (frameCount == 1 && frame != null) {
      return frame.buffer();
    }
    if (merged == null) {
      throw new IllegalStateException("the frames have not been merged");
    }
    return merged.retainedDuplicate();
  }

  /** Drops the reference of the event loop. Writes that are still queued keep their own. */
  void release() {
    if (merged != null) {
      merged.release();
      merged = null;
    }
  }
}
