package dev.rookery.webrtc;

import io.netty.util.internal.PlatformDependent;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory that native code of this process has allocated from the C library, without the buffers
 * of Netty. The native library of WebRTC has no count of its own, and takes all its memory there.
 *
 * <p>Known where the C library is glibc 2.33 or later.
 */
final class NativeMemory {
  private static final Logger LOG = LoggerFactory.getLogger(NativeMemory.class);

  // Fields of the struct mallinfo2, each a size_t.
  private static final int FIELDS = 10;
  private static final int MAPPED_BYTES = 4;
  private static final int USED_BYTES = 7;

  private static final @Nullable MethodHandle MALLINFO2 = find();

  private NativeMemory() {}

  // The C function takes nothing and returns a struct of numbers, so the call corrupts no memory.
  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle find() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    var struct =
        MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(FIELDS, ValueLayout.JAVA_LONG).withName("fields"));
    return linker
        .defaultLookup()
        .find("mallinfo2")
        .map(address -> linker.downcallHandle(address, FunctionDescriptor.of(struct)))
        .orElse(null);
  }

  static boolean isKnown() {
    return MALLINFO2 != null;
  }

  /** How much is allocated now, in bytes; 0 where that is not known. Takes up to milliseconds. */
  static long allocatedBytes() {
    if (MALLINFO2 == null) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      var fields = (MemorySegment) MALLINFO2.invokeExact((SegmentAllocator) arena);
      long used =
          fields.getAtIndex(ValueLayout.JAVA_LONG, MAPPED_BYTES)
              + fields.getAtIndex(ValueLayout.JAVA_LONG, USED_BYTES);
      return used - Math.max(0, PlatformDependent.usedDirectMemory());
    } catch (Throwable failed) {
      LOG.debug("the memory of native code cannot be read: {}", failed.toString());
      return 0;
    }
  }
}
