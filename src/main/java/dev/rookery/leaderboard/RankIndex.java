package dev.rookery.leaderboard;

import dev.rookery.leaderboard.Board.SortOrder;
import dev.rookery.leaderboard.LeaderboardEvent.Standing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of a board's records in memory: rank of a record, record at a rank, and changes, each
 * in microseconds for a million records.
 *
 * <p>Each record has a slot, a number under which its values are in columns. The order is a list of
 * chunks of slots, of at most {@value #CHUNK_MAX} each and never empty: a search is two binary
 * searches, a change moves half a chunk, and a rank adds up the sizes of the chunks before. Two
 * hash tables lead from a record and from a player to the slot. That is about 55 bytes a record,
 * and 8 more once a record has a subscore.
 *
 * <p>First all records are {@linkplain #load loaded} and {@linkplain #sort sorted} once; then they
 * are changed one by one. Not thread-safe.
 */
final class RankIndex {
  private static final int CHUNK_MAX = 512;
  private static final int CHUNK_LOADED = 384;

  private final SortOrder order;
  private final LongColumn records = new LongColumn();
  private final LongColumn players = new LongColumn();
  private final LongColumn scores = new LongColumn();
  private final LongColumn revisions = new LongColumn();
  private final SlotTable byRecord = new SlotTable(records);
  private final SlotTable byPlayer = new SlotTable(players);
  private @Nullable LongColumn subscores;

  private int[][] chunks = new int[1][];
  private int[] sizes = new int[1];
  private int chunkCount;
  private int size;

  private int slots;
  private int[] free = new int[0];
  private int freeCount;

  /** A record in the order. */
  record Entry(long rank, long record, long player, long score, long subscore, int revision) {}

  RankIndex(SortOrder order) {
    this.order = order;
  }

  /** How many records it has. */
  int size() {
    return size;
  }

  /** The memory of its arrays, in bytes. */
  long bytes() {
    long inChunks = 0;
    for (int i = 0; i < chunkCount; i++) {
      inChunks += 4L * chunks[i].length + 16;
    }
    return records.bytes()
        + players.bytes()
        + scores.bytes()
        + revisions.bytes()
        + (subscores == null ? 0 : subscores.bytes())
        + byRecord.bytes()
        + byPlayer.bytes()
        + inChunks
        + 12L * chunks.length
        + 4L * free.length;
  }

  // Loading.

  /** Adds a record before the order is built; replaces it if it was loaded before. */
  void load(Standing standing) {
    int slot = byRecord.find(standing.record());
    if (slot < 0) {
      slot = newSlot(standing);
    }
    fill(slot, standing);
  }

  /** Builds the order of all loaded records. */
  void sort() {
    int[] sorted = new int[slots];
    for (int i = 0; i < slots; i++) {
      sorted[i] = i;
    }
    sorted = mergeSort(sorted);
    chunkCount = (slots + CHUNK_LOADED - 1) / CHUNK_LOADED;
    chunks = new int[Math.max(1, chunkCount)][];
    sizes = new int[chunks.length];
    for (int i = 0; i < chunkCount; i++) {
      int from = i * CHUNK_LOADED;
      int to = Math.min(slots, from + CHUNK_LOADED);
      chunks[i] = Arrays.copyOf(Arrays.copyOfRange(sorted, from, to), roomFor(to - from));
      sizes[i] = to - from;
    }
    size = slots;
  }

  private int[] mergeSort(int[] values) {
    int[] from = values;
    int[] to = new int[values.length];
    for (int width = 1; width < values.length; width *= 2) {
      for (int start = 0; start < values.length; start += 2 * width) {
        merge(
            from,
            to,
            start,
            Math.min(start + width, values.length),
            Math.min(start + 2 * width, values.length));
      }
      int[] swapped = from;
      from = to;
      to = swapped;
    }
    return from;
  }

  private void merge(int[] from, int[] to, int start, int middle, int end) {
    if (middle == end || compare(from[middle - 1], from[middle]) < 0) {
      System.arraycopy(from, start, to, start, end - start);
      return;
    }
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft = right == end || (left < middle && compare(from[left], from[right]) < 0);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }

  // Changes.

  /** Adds a record or changes its place; does nothing if it has this revision or a later one. */
  void put(Standing standing) {
    int slot = byRecord.find(standing.record());
    if (slot < 0) {
      slot = newSlot(standing);
      fill(slot, standing);
      insert(slot);
      return;
    }
    if ((int) (standing.revision() - revisions.get(slot)) <= 0) {
      return;
    }
    boolean moves =
        scores.get(slot) != order.orderKey(standing.score())
            || subscore(slot) != order.orderKey(standing.subscore());
    if (moves) {
      take(slot);
      fill(slot, standing);
      insert(slot);
    } else {
      revisions.set(slot, standing.revision());
    }
  }

  /** Removes a record; does nothing if there is none. */
  void remove(long record) {
    int slot = byRecord.find(record);
    if (slot < 0) {
      return;
    }
    take(slot);
    byRecord.remove(slot);
    if (players.get(slot) != 0) {
      byPlayer.remove(slot);
    }
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, Math.max(8, 2 * free.length));
    }
    free[freeCount++] = slot;
  }

  // Questions.

  /** The record of a player; null if they have none. */
  @Nullable Entry ofPlayer(long player) {
    int slot = player <= 0 ? -1 : byPlayer.find(player);
    return slot < 0 ? null : entry(rank(slot), slot);
  }

  /** The records from a rank on, at most {@code max}. */
  List<Entry> from(long rank, int max) {
    var entries = new ArrayList<Entry>(Math.min(max, 128));
    long skip = rank - 1;
    int chunk = 0;
    while (chunk < chunkCount && skip >= sizes[chunk]) {
      skip -= sizes[chunk++];
    }
    int place = (int) Math.min(skip, Integer.MAX_VALUE);
    for (long next = rank; chunk < chunkCount && entries.size() < max; chunk++, place = 0) {
      while (place < sizes[chunk] && entries.size() < max) {
        entries.add(entry(next++, chunks[chunk][place++]));
      }
    }
    return entries;
  }

  private Entry entry(long rank, int slot) {
    return new Entry(
        rank,
        records.get(slot),
        players.get(slot),
        order.orderKey(scores.get(slot)),
        order.orderKey(subscore(slot)),
        (int) revisions.get(slot));
  }

  private long rank(int slot) {
    int chunk = chunkOf(slot);
    long before = 0;
    for (int i = 0; i < chunk; i++) {
      before += sizes[i];
    }
    return before + placeIn(chunk, slot) + 1;
  }

  // The columns.

  private int newSlot(Standing standing) {
    int slot = freeCount > 0 ? free[--freeCount] : slots++;
    records.set(slot, standing.record());
    players.set(slot, standing.player());
    byRecord.add(slot);
    if (standing.player() != 0) {
      byPlayer.add(slot);
    }
    return slot;
  }

  private void fill(int slot, Standing standing) {
    scores.set(slot, order.orderKey(standing.score()));
    revisions.set(slot, standing.revision());
    if (subscores == null && standing.subscore() != 0) {
      subscores = new LongColumn();
      for (int i = 0; i < slots; i++) {
        subscores.set(i, order.orderKey(0));
      }
    }
    if (subscores != null) {
      subscores.set(slot, order.orderKey(standing.subscore()));
    }
  }

  private long subscore(int slot) {
    return subscores == null ? order.orderKey(0) : subscores.get(slot);
  }

  /** Better records first; of equal ones the one that was created earlier. */
  private int compare(int one, int other) {
    int byScore = Long.compare(scores.get(one), scores.get(other));
    if (byScore != 0) {
      return byScore;
    }
    if (subscores != null) {
      int bySubscore = Long.compare(subscores.get(one), subscores.get(other));
      if (bySubscore != 0) {
        return bySubscore;
      }
    }
    return Long.compare(records.get(one), records.get(other));
  }

  // The chunks.

  private void insert(int slot) {
    size++;
    if (chunkCount == 0) {
      chunks[0] = new int[roomFor(1)];
      chunks[0][0] = slot;
      sizes[0] = 1;
      chunkCount = 1;
      return;
    }
    int chunk = Math.min(chunkOf(slot), chunkCount - 1);
    if (sizes[chunk] == CHUNK_MAX) {
      split(chunk);
      chunk = Math.min(chunkOf(slot), chunkCount - 1);
    }
    int place = placeIn(chunk, slot);
    if (sizes[chunk] == chunks[chunk].length) {
      chunks[chunk] = Arrays.copyOf(chunks[chunk], roomFor(sizes[chunk] + 1));
    }
    int[] members = chunks[chunk];
    System.arraycopy(members, place, members, place + 1, sizes[chunk] - place);
    members[place] = slot;
    sizes[chunk]++;
  }

  /** Takes a slot out of the order, by the values that it still has. */
  private void take(int slot) {
    int chunk = chunkOf(slot);
    int place = chunk == chunkCount ? 0 : placeIn(chunk, slot);
    if (chunk == chunkCount || place == sizes[chunk] || chunks[chunk][place] != slot) {
      throw new IllegalStateException("record " + records.get(slot) + " is not in the order");
    }
    int[] members = chunks[chunk];
    System.arraycopy(members, place + 1, members, place, sizes[chunk] - place - 1);
    sizes[chunk]--;
    size--;
    if (sizes[chunk] == 0) {
      System.arraycopy(chunks, chunk + 1, chunks, chunk, chunkCount - chunk - 1);
      System.arraycopy(sizes, chunk + 1, sizes, chunk, chunkCount - chunk - 1);
      chunkCount--;
      chunks[chunkCount] = new int[0];
    }
  }

  /** The first chunk whose last slot is not before this one; the number of chunks if none is. */
  private int chunkOf(int slot) {
    int low = 0;
    int high = chunkCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(chunks[middle][sizes[middle] - 1], slot) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The place of the first slot of a chunk that is not before this one. */
  private int placeIn(int chunk, int slot) {
    int[] members = chunks[chunk];
    int low = 0;
    int high = sizes[chunk];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(members[middle], slot) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void split(int chunk) {
    if (chunkCount == chunks.length) {
      int room = Math.max(chunkCount + 4, chunkCount + (chunkCount >> 3));
      chunks = Arrays.copyOf(chunks, room);
      sizes = Arrays.copyOf(sizes, room);
    }
    System.arraycopy(chunks, chunk + 1, chunks, chunk + 2, chunkCount - chunk - 1);
    System.arraycopy(sizes, chunk + 1, sizes, chunk + 2, chunkCount - chunk - 1);
    int kept = sizes[chunk] / 2;
    int moved = sizes[chunk] - kept;
    int[] members = chunks[chunk];
    chunks[chunk + 1] =
        Arrays.copyOf(Arrays.copyOfRange(members, kept, kept + moved), roomFor(moved));
    sizes[chunk + 1] = moved;
    chunks[chunk] = Arrays.copyOf(Arrays.copyOf(members, kept), roomFor(kept));
    sizes[chunk] = kept;
    chunkCount++;
  }

  /** The length of a chunk's array: small steps, so that a small board takes little memory. */
  private static int roomFor(int size) {
    return Math.min(CHUNK_MAX, size + Math.max(8, size >> 2));
  }
}
