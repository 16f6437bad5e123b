package dev.rookery.keyspace;

import java.util.random.RandomGenerator;

/** What {@code SRANDMEMBER}, {@code HRANDFIELD} and {@code ZRANDMEMBER} pick. */
final class RandomPositions {
  /** More elements in one reply than that are refused: a script cannot use them. */
  private static final int REPEATED_MAX = 1 << 20;

  private RandomPositions() {}

  static long count(Call call, int index) {
    long count = call.integer(index);
    if (count == Long.MIN_VALUE) {
      throw new CommandError(
          "ERR value is out of range, value must between -9223372036854775807 and"
              + " 9223372036854775807");
    }
    if (count < -REPEATED_MAX) {
      throw new CommandError("ERR value is out of range");
    }
    return count;
  }

  /** Refuses counts that overflow when each element is a pair. */
  static void checkDoubled(long count, boolean pairs) {
    if (pairs && count > Long.MAX_VALUE / 2) {
      throw new CommandError("ERR value is out of range");
    }
  }

  /**
   * Positions of a table that is not empty.
   *
   * @param count so many different ones, all if there are fewer; or if it is negative, exactly so
   *     many, each chosen anew
   */
  static int[] choose(OrderedTable<?> table, long count, RandomGenerator random) {
    if (count < 0) {
      int[] chosen = new int[(int) -count];
      for (int i = 0; i < chosen.length; i++) {
        chosen[i] = table.randomPosition(random);
      }
      return chosen;
    }
    int[] all = new int[table.size()];
    int found = 0;
    for (int position = 0; position < table.positions(); position++) {
      if (table.keyAt(position) != null) {
        all[found++] = position;
      }
    }
    if (count >= found) {
      return all;
    }
    int[] chosen = new int[(int) count];
    for (int i = 0; i < chosen.length; i++) {
      int other = i + random.nextInt(found - i);
      chosen[i] = all[other];
      all[other] = all[i];
    }
    return chosen;
  }
}
