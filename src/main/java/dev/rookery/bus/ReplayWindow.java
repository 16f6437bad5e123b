package dev.rookery.bus;

import java.util.Arrays;

/**
 * The counters received from one sender: each is accepted once, and none that is {@value #SIZE} or
 * more below the highest. Messages of several threads overtake each other by far less. Not
 * thread-safe.
 *
 * <p>A bitmap that slides with the highest counter, as in RFC 6479.
 */
final class ReplayWindow {
  static final int SIZE = 4_096;

  private final long[] seen = new long[SIZE / Long.SIZE];
  private long highest;

  /** Accepts a counter from 1; false if it was accepted before or is too old. */
  boolean accept(long counter) {
    if (counter <= 0 || counter <= highest - SIZE) {
      return false;
    }
    if (counter > highest) {
      clear(highest + 1, counter);
      highest = counter;
    }
    int word = word(counter);
    long bit = 1L << counter;
    if ((seen[word] & bit) != 0) {
      return false;
    }
    seen[word] |= bit;
    return true;
  }

  private void clear(long from, long upto) {
    if (upto - from >= SIZE) {
      Arrays.fill(seen, 0);
      return;
    }
    for (long counter = from; counter <= upto; counter++) {
      seen[word(counter)] &= ~(1L << counter);
    }
  }

  private static int word(long counter) {
    return (int) ((counter % SIZE) / Long.SIZE);
  }
}
