package dev.rookery.leaderboard;

import java.util.Arrays;

/**
 * A growing column of numbers, in pages, so that growing neither copies nor doubles what is there.
 * Not thread-safe.
 */
final class LongColumn {
  private static final int PAGE_BITS = 12;
  private static final int PAGE = 1 << PAGE_BITS;
  private static final int MASK = PAGE - 1;
  private static final int FIRST = 16;

  private long[][] pages = new long[1][0];
  private int pageCount = 1;

  long get(int index) {
    return pages[index >>> PAGE_BITS][index & MASK];
  }

  /** Sets a number; the column grows to hold it. Numbers that were never set are 0. */
  void set(int index, long value) {
    int page = index >>> PAGE_BITS;
    if (page >= pageCount || (index & MASK) >= pages[page].length) {
      grow(page, index & MASK);
    }
    pages[page][index & MASK] = value;
  }

  long bytes() {
    return 8L * (pageCount == 1 ? pages[0].length : (long) pageCount * PAGE) + 8L * pages.length;
  }

  private void grow(int page, int place) {
    if (page == 0) {
      int room = Math.max(FIRST, Integer.highestOneBit(place) << 1);
      pages[0] = Arrays.copyOf(pages[0], Math.min(PAGE, room));
      return;
    }
    if (pages[0].length < PAGE) {
      pages[0] = Arrays.copyOf(pages[0], PAGE);
    }
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length + (pages.length >> 1)));
    }
    while (pageCount <= page) {
      pages[pageCount++] = new long[PAGE];
    }
  }
}
