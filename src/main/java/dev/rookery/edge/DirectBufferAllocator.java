package dev.rookery.edge;

import java.nio.ByteBuffer;

/**
 * Allocates direct memory for frames that are sent to many sockets; the kernel reads it without
 * another copy. Small requests get slices of a {@value #SLAB_BYTES} byte slab, because allocating
 * direct memory is expensive. A slab is freed by the garbage collector when none of its slices is
 * referenced; frames are short-lived, so none is kept for long.
 */
final class DirectBufferAllocator {
  private static final int SLAB_BYTES = 1 << 16;
  private static final int SLICE_BYTES_MAX = SLAB_BYTES / 8;

  private static ByteBuffer slab = ByteBuffer.allocateDirect(SLAB_BYTES);

  private DirectBufferAllocator() {}

  /** Copies the bytes into direct memory; the result must not be modified. */
  static ByteBuffer copy(byte[] bytes) {
    ByteBuffer target =
        bytes.length > SLICE_BYTES_MAX
            ? ByteBuffer.allocateDirect(bytes.length)
            : slice(bytes.length);
    return target.put(bytes).flip();
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
