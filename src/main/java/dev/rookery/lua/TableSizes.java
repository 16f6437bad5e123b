package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/**
 * The sizes of the two parts of a table that grows, by the rule of Lua 5.1: the array part is the
 * largest power of two of which more than half would be used.
 */
final class TableSizes {
  static final int MAX_BITS = 26;

  /** How many integer keys lie between two powers of two. */
  private final int[] counts = new int[MAX_BITS + 1];

  private int integers;
  private int total;
  private int arraySize;
  private int hashSize;

  /** Counts a key of the hash part, or the new one. */
  void add(Object key) {
    total++;
    if (key instanceof Double d) {
      int k = (int) d.doubleValue();
      if (k == d && k > 0 && k <= 1 << MAX_BITS) {
        counts[ceilLog2(k)]++;
        integers++;
      }
    }
  }

  void addArray(@Nullable Object[] array) {
    int i = 1;
    int limit = 1;
    for (int bit = 0; bit <= MAX_BITS; bit++, limit *= 2) {
      int end = limit;
      if (end > array.length) {
        end = array.length;
        if (i > end) {
          break;
        }
      }
      int found = 0;
      for (; i <= end; i++) {
        if (array[i - 1] != null) {
          found++;
        }
      }
      counts[bit] += found;
      integers += found;
      total += found;
    }
  }

  void compute() {
    int sum = 0;
    int inArray = 0;
    long power = 1;
    for (int i = 0; power / 2 < integers; i++, power *= 2) {
      if (counts[i] > 0) {
        sum += counts[i];
        if (sum > power / 2) {
          arraySize = (int) power;
          inArray = sum;
        }
      }
      if (sum == integers) {
        break;
      }
    }
    hashSize = total - inArray;
  }

  int array() {
    return arraySize;
  }

  int hash() {
    return hashSize;
  }

  static int ceilLog2(int x) {
    return x <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(x - 1);
  }
}
