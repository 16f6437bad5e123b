package dev.rookery.leaderboard;

/**
 * A hash table from numbers to slots: open addressing, four bytes a cell. The numbers themselves
 * are read from the column of the slots. Not thread-safe.
 */
final class SlotTable {
  private static final int FIRST = 16;

  private final LongColumn keys;
  private int[] cells = new int[FIRST];
  private int size;

  /**
   * @param keys the number of each slot
   */
  SlotTable(LongColumn keys) {
    this.keys = keys;
  }

  /** The slot of a number; -1 if there is none. */
  int find(long key) {
    int mask = cells.length - 1;
    for (int cell = hash(key) & mask; cells[cell] != 0; cell = (cell + 1) & mask) {
      int slot = cells[cell] - 1;
      if (keys.get(slot) == key) {
        return slot;
      }
    }
    return -1;
  }

  /** Adds a slot whose number is in the column and not yet in the table. */
  void add(int slot) {
    if (4 * (size + 1) > 3 * cells.length) {
      rehash(2 * cells.length);
    }
    put(slot);
    size++;
  }

  /** Removes a slot whose number is still in the column. */
  void remove(int slot) {
    int mask = cells.length - 1;
    int hole = hash(keys.get(slot)) & mask;
    while (cells[hole] != slot + 1) {
      if (cells[hole] == 0) {
        throw new IllegalStateException("slot " + slot + " is not in the table");
      }
      hole = (hole + 1) & mask;
    }
    // Later cells of the chain move up, so that no search ends early.
    for (int cell = (hole + 1) & mask; cells[cell] != 0; cell = (cell + 1) & mask) {
      int home = hash(keys.get(cells[cell] - 1)) & mask;
      if (((cell - home) & mask) >= ((cell - hole) & mask)) {
        cells[hole] = cells[cell];
        hole = cell;
      }
    }
    cells[hole] = 0;
    size--;
  }

  long bytes() {
    return 4L * cells.length;
  }

  private void put(int slot) {
    int mask = cells.length - 1;
    int cell = hash(keys.get(slot)) & mask;
    while (cells[cell] != 0) {
      cell = (cell + 1) & mask;
    }
    cells[cell] = slot + 1;
  }

  private void rehash(int length) {
    int[] old = cells;
    cells = new int[length];
    for (int cell : old) {
      if (cell != 0) {
        put(cell - 1);
      }
    }
  }

  private static int hash(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }
}
