package dev.rookery.edge;

import java.nio.ByteBuffer;

/**
 * Memory outside the heap for what many sockets are sent, where the kernel reads it without another
 * copy. Handed out in slices of bigger pieces, because a piece costs far more than a slice; a piece
 * is free when nothing refers to any of its slices. What is in there is sent soon and forgotten.
 */
final class DirectBufferAllocator {
  private static final int SLAB_BYTES = 1 << 16;
  private static final int SLICE_BYTES_MAX = SLAB_BYTES / 8;

  private static ByteBuffer slab = ByteBuffer.allocateDirect(SLAB_BYTES);

  private DirectBufferAllocator() {}

  /** The same bytes; not to be changed. */
  static ByteBuffer copy(byte[] bytes) {
    ByteBuffer place =
        bytes.length > SLICE_BYTES_MAX
            ? ByteBuffer.allocateDirect(bytes.length)
            : slice(bytes.length);
    return place.put(bytes).flip();
  }

  private static synchronized ByteBuffer slice(int length) {
    if (slab.remaining() < length) {
      slab = ByteBuffer.allocateDirect(SLAB_BYTES);
    }
    ByteBuffer slice = slab.slice(slab.position(), length);
    slab.position(slab.position() + length);
    return slice;
  }
}
