package dev.rookery.keyspace;

import java.util.function.LongConsumer;

/**
 * Patterns of {@code KEYS} and {@code MATCH}: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a]} and
 * a backslash before what stands for itself.
 *
 * <p>Takes time of at most the product of both lengths: after a mismatch only the last star tries
 * the next place, as an earlier one cannot do better.
 */
final class Glob {
  private static final int STEPS_PER_REPORT = 1 << 16;

  private Glob() {}

  /**
   * Whether the whole text matches.
   *
   * @param work is told about the steps of long matches, and may throw
   */
  static boolean matches(byte[] pattern, byte[] text, LongConsumer work) {
    int steps = 0;
    int at = 0;
    int in = 0;
    int star = -1;
    int starText = 0;
    while (in < text.length) {
      if (++steps == STEPS_PER_REPORT) {
        work.accept(steps);
        steps = 0;
      }
      if (at < pattern.length && pattern[at] == '*') {
        star = at++;
        starText = in;
        continue;
      }
      int next = at < pattern.length ? step(pattern, at, text[in]) : -1;
      if (next >= 0) {
        at = next;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++starText;
      } else {
        return false;
      }
    }
    while (at < pattern.length && pattern[at] == '*') {
      at++;
    }
    return at == pattern.length;
  }

  /** The place in the pattern after the element that matches this byte, or -1. */
  private static int step(byte[] pattern, int at, byte value) {
    return switch (pattern[at]) {
      case '?' -> at + 1;
      case '[' -> set(pattern, at + 1, value & 0xFF);
      case '\\' -> {
        int literal = at + 1 < pattern.length ? at + 1 : at;
        yield pattern[literal] == value ? literal + 1 : -1;
      }
      default -> pattern[at] == value ? at + 1 : -1;
    };
  }

  /**
   * Like {@link #step} for a set, from the place after its bracket. An open set ends at the end.
   */
  private static int set(byte[] pattern, int from, int value) {
    int at = from;
    boolean negated = at < pattern.length && pattern[at] == '^';
    if (negated) {
      at++;
    }
    boolean found = false;
    while (at < pattern.length && pattern[at] != ']') {
      if (pattern[at] == '\\' && at + 1 < pattern.length) {
        at++;
        found |= (pattern[at] & 0xFF) == value;
      } else if (at + 2 < pattern.length && pattern[at + 1] == '-') {
        int low = Math.min(pattern[at] & 0xFF, pattern[at + 2] & 0xFF);
        int high = Math.max(pattern[at] & 0xFF, pattern[at + 2] & 0xFF);
        found |= value >= low && value <= high;
        at += 2;
      } else {
        found |= (pattern[at] & 0xFF) == value;
      }
      at++;
    }
    return found == negated ? -1 : Math.min(at + 1, pattern.length);
  }
}
