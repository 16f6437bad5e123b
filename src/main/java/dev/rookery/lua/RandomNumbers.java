package dev.rookery.lua;

/** The random numbers that Redis gives to scripts: drand48's, seeded the same for each call. */
final class RandomNumbers {
  static final double MAX = 0x7fffffff;

  private static final long MULTIPLIER = 0x5DEECE66DL;
  private static final long MASK = (1L << 48) - 1;

  private long state = 0x330E;

  void seed(int seed) {
    state = ((seed & 0xffffffffL) << 16) + 0x330E;
  }

  /** Returns 31 bits. */
  int next() {
    state = state * MULTIPLIER + 0xB & MASK;
    return (int) (state >>> 17);
  }
}
