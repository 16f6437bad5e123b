package dev.rookery.config;

import org.jspecify.annotations.Nullable;

/** Memory that clients may make a node hold. */
public record MemoryConfig(
    @Setting(min = 64 << 10, max = Integer.MAX_VALUE) @Nullable Integer budgetBytes) {
  static final MemoryConfig DEFAULTS = new MemoryConfig(null);

  private static final int HEAP_PART = 4;
  private static final int DIRECT_PART = 2;

  /**
   * The number of bytes that all connections together may hold: unless it is set a quarter of the
   * heap, and at most half of the direct memory, in which what is received and sent is kept.
   *
   * @param heapMax maximum size of the heap, in bytes
   * @param directMax maximum size of the direct memory, in bytes
   */
  public long budgetBytes(long heapMax, long directMax) {
    Integer set = budgetBytes;
    return set != null ? set : Math.max(1, Math.min(heapMax / HEAP_PART, directMax / DIRECT_PART));
  }
}
