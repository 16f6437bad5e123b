package dev.rookery.keyspace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A hash table from byte strings to values that keeps the order of insertion.
 *
 * <p>Entries lie in arrays in the order in which they came; an index of open addressing points to
 * them. A removed entry leaves a gap that the next rebuild closes. Every entry has a sequence
 * number that it keeps for life, and numbers only rise: a scan that goes on at a number meets every
 * entry that was there throughout, however the table changed meanwhile. Hashes have a seed of the
 * process, so nobody can choose keys that collide.
 */
final class OrderedTable<V> {
  private static final int SMALLEST = 4;
  private static final long SEED = new SecureRandom().nextLong();
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private int[] index = new int[SMALLEST * 2];
  private byte[] @Nullable [] keys = new byte[SMALLEST][];
  private @Nullable Object[] values = new Object[SMALLEST];
  private int[] hashes = new int[SMALLEST];
  private long[] sequences = new long[SMALLEST];
  private int positions;
  private int size;
  private long nextSequence = 1;
  private long keyMemory;

  private static int hash(byte[] key) {
    long hash = SEED ^ key.length;
    int i = 0;
    for (; i + 8 <= key.length; i += 8) {
      hash = mix(hash ^ (long) LONGS.get(key, i));
    }
    long tail = 0;
    for (; i < key.length; i++) {
      tail = tail << 8 | key[i] & 0xFF;
    }
    return (int) mix(mix(hash ^ tail) ^ SEED);
  }

  private static long mix(long value) {
    long odd = value ^ MULTIPLIER;
    return Math.unsignedMultiplyHigh(odd, MULTIPLIER) ^ odd * MULTIPLIER;
  }

  int size() {
    return size;
  }

  /** Positions run from 0 to this number; some are gaps. */
  int positions() {
    return positions;
  }

  /** The key at a position, or null at a gap. */
  byte @Nullable [] keyAt(int position) {
    return keys[position];
  }

  /** The value at a position that is no gap. */
  @SuppressWarnings({"unchecked", "NullAway"})
  V valueAt(int position) {
    return (V) values[position];
  }

  long sequenceAt(int position) {
    return sequences[position];
  }

  /** The number that the next new entry gets. */
  long nextSequence() {
    return nextSequence;
  }

  /** The first position whose sequence number is at least this. */
  int positionOf(long sequence) {
    int found = Arrays.binarySearch(sequences, 0, positions, sequence);
    return found < 0 ? -found - 1 : found;
  }

  private int find(byte[] key) {
    return find(key, hash(key));
  }

  /** The position of a key, or -1. */
  private int find(byte[] key, int hash) {
    int mask = index.length - 1;
    for (int slot = hash & mask; ; slot = slot + 1 & mask) {
      int position = index[slot] - 1;
      if (position < 0) {
        return -1;
      }
      byte[] other = keys[position];
      if (other != null && hashes[position] == hash && Arrays.equals(other, key)) {
        return position;
      }
    }
  }

  boolean contains(byte[] key) {
    return find(key) >= 0;
  }

  @Nullable V get(byte[] key) {
    int position = find(key);
    return position < 0 ? null : valueAt(position);
  }

  /** Sets the value of a key and returns the earlier one. A new key comes last. */
  @Nullable V put(byte[] key, V value) {
    int hash = hash(key);
    int position = find(key, hash);
    if (position >= 0) {
      V earlier = valueAt(position);
      values[position] = value;
      return earlier;
    }
    if (positions == keys.length) {
      rebuild(size > keys.length / 4 * 3 ? keys.length * 2 : keys.length);
    }
    position = positions++;
    keys[position] = key;
    values[position] = value;
    hashes[position] = hash;
    sequences[position] = nextSequence++;
    enter(position);
    size++;
    keyMemory += ByteStrings.memory(key);
    return null;
  }

  private void enter(int position) {
    int mask = index.length - 1;
    int slot = hashes[position] & mask;
    while (index[slot] != 0) {
      slot = slot + 1 & mask;
    }
    index[slot] = position + 1;
  }

  /** Removes a key and returns its value. Positions of other keys may change. */
  @Nullable V remove(byte[] key) {
    int position = find(key);
    if (position < 0) {
      return null;
    }
    V value = valueAt(position);
    keyMemory -= ByteStrings.memory(key);
    keys[position] = null;
    values[position] = null;
    size--;
    if (size == 0) {
      positions = 0;
      if (keys.length > SMALLEST) {
        rebuild(SMALLEST);
      } else {
        Arrays.fill(index, 0);
      }
    } else if (keys.length > 16 && size < keys.length / 8) {
      rebuild(keys.length / 4);
    }
    return value;
  }

  private void rebuild(int capacity) {
    byte[] @Nullable [] newKeys = new byte[capacity][];
    @Nullable Object[] newValues = new Object[capacity];
    int[] newHashes = new int[capacity];
    long[] newSequences = new long[capacity];
    int to = 0;
    for (int from = 0; from < positions; from++) {
      if (keys[from] != null) {
        newKeys[to] = keys[from];
        newValues[to] = values[from];
        newHashes[to] = hashes[from];
        newSequences[to] = sequences[from];
        to++;
      }
    }
    keys = newKeys;
    values = newValues;
    hashes = newHashes;
    sequences = newSequences;
    positions = to;
    index = new int[capacity * 2];
    for (int position = 0; position < to; position++) {
      enter(position);
    }
  }

  /** A position that is no gap, each with the same chance. The table must not be empty. */
  int randomPosition(RandomGenerator random) {
    if (size < positions / 4) {
      rebuild(Math.max(SMALLEST, Integer.highestOneBit(size) * 2));
    }
    while (true) {
      int position = random.nextInt(positions);
      if (keys[position] != null) {
        return position;
      }
    }
  }

  /** Bytes on the heap with the keys, without the values. */
  long memory() {
    return 160 + (long) index.length * 4 + (long) keys.length * 20 + keyMemory;
  }
}
