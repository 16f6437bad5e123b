package dev.rookery.config;

import org.jspecify.annotations.Nullable;

/** Memory that clients may make a node hold. */
public record MemoryConfig(
    @Setting(min = 64 << 10, max = Integer.MAX_VALUE) @Nullable Integer budgetBytes) {
  static final MemoryConfig DEFAULTS = new MemoryConfig(null);

  private static final int PART = 8;

  /**
   * The number of bytes that all connections together may hold: unless it is set an eighth of the
   * heap, and at most an eighth of the direct memory, in which bytes are received and sent.
   *
   * @param heapMax maximum size of the heap, in bytes
   * @param directMax maximum size of the direct memory, in bytes
   */
  public long budgetBytes(long heapMax, long directMax) {
    Integer set = budgetBytes;
    return set != null ? set : Math.max(1, Math.min(heapMax, directMax) / PART);
  }
}
