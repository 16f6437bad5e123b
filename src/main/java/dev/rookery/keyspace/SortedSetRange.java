package dev.rookery.keyspace;

import java.util.Arrays;
import java.util.OptionalDouble;

/** A range of a sorted set by rank, score or name, given as a pair of arguments. */
sealed interface SortedSetRange {
  /** The first rank in the range. */
  int from(SortedSetValue set);

  /** The rank after the last in the range; not after {@link #from} if it is empty. */
  int to(SortedSetValue set);

  /** Ranks from one to another, counted from the end if negative. */
  record ByRank(long start, long stop, boolean reverse) implements SortedSetRange {
    @Override
    public int from(SortedSetValue set) {
      return reverse ? set.size() - last(set) - 1 : first(set);
    }

    @Override
    public int to(SortedSetValue set) {
      return reverse ? set.size() - first(set) : last(set) + 1;
    }

    private int first(SortedSetValue set) {
      long first = start < 0 ? start + set.size() : start;
      return Math.clamp(first, 0, set.size());
    }

    private int last(SortedSetValue set) {
      long last = stop < 0 ? stop + set.size() : stop;
      return Math.clamp(last, -1, set.size() - 1);
    }
  }

  /** Scores from one to another. */
  record ByScore(double min, boolean aboveMin, double max, boolean belowMax)
      implements SortedSetRange {
    @Override
    public int from(SortedSetValue set) {
      return set.order().count(node -> aboveMin ? node.score <= min : node.score < min);
    }

    @Override
    public int to(SortedSetValue set) {
      return set.order().count(node -> belowMax ? node.score < max : node.score <= max);
    }
  }

  /** Names from one to another, for sets whose scores are all equal. */
  record ByName(Bound min, Bound max) implements SortedSetRange {
    @Override
    public int from(SortedSetValue set) {
      return set.order().count(node -> min.isAfter(node.member, true));
    }

    @Override
    public int to(SortedSetValue set) {
      return set.order().count(node -> max.isAfter(node.member, false));
    }
  }

  /** One end of a range of names. {@code infinite} is -1 before all names and 1 after them. */
  record Bound(int infinite, byte[] name, boolean exclusive) {
    private boolean isAfter(byte[] member, boolean lower) {
      if (infinite != 0) {
        return infinite > 0;
      }
      int order = Arrays.compareUnsigned(member, name);
      // The lower bound passes over what lies before the range, the upper one over its members too.
      return order < 0 || order == 0 && lower == exclusive;
    }
  }

  static SortedSetRange byRank(Call call, int index, boolean reverse) {
    return new ByRank(call.integer(index), call.integer(index + 1), reverse);
  }

  static SortedSetRange byScore(byte[] min, byte[] max) {
    return new ByScore(scoreOf(min), isExclusive(min), scoreOf(max), isExclusive(max));
  }

  static SortedSetRange byName(byte[] min, byte[] max) {
    return new ByName(bound(min), bound(max));
  }

  private static boolean isExclusive(byte[] text) {
    return text.length > 0 && text[0] == '(';
  }

  private static double scoreOf(byte[] text) {
    int from = isExclusive(text) ? 1 : 0;
    if (from == text.length) {
      return 0;
    }
    byte[] number = Arrays.copyOfRange(text, from, text.length);
    OptionalDouble score = Numbers.parseReal(Numbers.withoutSpacesBefore(number));
    return score.orElseThrow(() -> new CommandError("ERR min or max is not a float"));
  }

  private static Bound bound(byte[] text) {
    char first = text.length == 0 ? ' ' : (char) text[0];
    if (text.length == 1 && (first == '-' || first == '+')) {
      return new Bound(first == '-' ? -1 : 1, ByteStrings.EMPTY, false);
    }
    if (first != '[' && first != '(') {
      throw new CommandError("ERR min or max not valid string range item");
    }
    return new Bound(0, Arrays.copyOfRange(text, 1, text.length), first == '(');
  }
}
