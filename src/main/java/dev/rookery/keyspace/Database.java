package dev.rookery.keyspace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys with their values, their times of expiry and the sum of their memory.
 *
 * <p>Every change passes through here before it happens: {@link #touch} is called with a value that
 * is about to change, so that a snapshot that is being taken can save it first and the memory of
 * the value is counted anew after the command.
 */
final class Database {
  private record Expiry(long at, byte[] key) implements Comparable<Expiry> {
    @Override
    public int compareTo(Expiry other) {
      int order = Long.compare(at, other.at);
      return order != 0 ? order : Arrays.compareUnsigned(key, other.key);
    }
  }

  private static final byte[] DEL = ByteStrings.of("DEL");
  private static final long EXPIRY_MEMORY = 72;
  private static final long FIXED_MEMORY = 512;

  private final ChangeLog log;
  private final List<Value> touched = new ArrayList<>();
  private OrderedTable<Value> keys = new OrderedTable<>();
  private TreeSet<Expiry> expiries = new TreeSet<>();
  private long valueMemory;
  private boolean silent;
  private @Nullable SnapshotWriter writer;
  private long snapshots;

  Database(ChangeLog log) {
    this.log = log;
  }

  /** While silent, changes are not reported and no key expires. */
  void setSilent(boolean silent) {
    this.silent = silent;
  }

  void log(byte[]... command) {
    if (!silent) {
      log.changed(command);
    }
  }

  int size() {
    return keys.size();
  }

  OrderedTable<Value> keys() {
    return keys;
  }

  boolean isExpired(Value value, long now) {
    return !silent && value.expiresAt != Value.NEVER && value.expiresAt <= now;
  }

  /** The value of a key. A key whose time has come is deleted and missing. */
  @Nullable Value find(byte[] key, long now) {
    Value value = keys.get(key);
    if (value != null && isExpired(value, now)) {
      remove(key);
      log(DEL, key);
      return null;
    }
    return value;
  }

  /** Announces that a value that a key holds is about to change. */
  void touch(byte[] key, Value value) {
    save(key, value);
    touched.add(value);
  }

  private void save(byte[] key, Value value) {
    if (writer != null && value.snapshot != snapshots) {
      value.snapshot = snapshots;
      writer.save(key, value);
    }
  }

  /** Lets a key hold a value that no key holds, in the place of what it held before. */
  void put(byte[] key, Value value) {
    Value earlier = keys.get(key);
    if (earlier != null) {
      release(key, earlier);
    }
    value.snapshot = snapshots;
    value.accounted = 0;
    keys.put(key, value);
    touched.add(value);
    if (value.expiresAt != Value.NEVER) {
      expiries.add(new Expiry(value.expiresAt, key));
    }
  }

  @Nullable Value remove(byte[] key) {
    Value value = keys.get(key);
    if (value != null) {
      release(key, value);
      keys.remove(key);
    }
    return value;
  }

  private void release(byte[] key, Value value) {
    save(key, value);
    valueMemory -= value.accounted;
    value.accounted = -1;
    if (value.expiresAt != Value.NEVER) {
      expiries.remove(new Expiry(value.expiresAt, key));
    }
  }

  /** Sets or clears the time at which a key goes. */
  void expireAt(byte[] key, Value value, long at) {
    if (value.expiresAt == at) {
      return;
    }
    save(key, value);
    if (value.expiresAt != Value.NEVER) {
      expiries.remove(new Expiry(value.expiresAt, key));
    }
    value.expiresAt = at;
    if (at != Value.NEVER) {
      expiries.add(new Expiry(at, key));
    }
  }

  void clear() {
    keys = new OrderedTable<>();
    expiries = new TreeSet<>();
    valueMemory = 0;
    touched.clear();
  }

  /** Deletes at most so many keys whose time has come, and returns how many. */
  int expire(long now, int atMost) {
    int count = 0;
    while (count < atMost && !expiries.isEmpty() && expiries.first().at <= now) {
      byte[] key = expiries.first().key;
      remove(key);
      log(DEL, key);
      count++;
    }
    return count;
  }

  /** Counts anew the memory of the values that changed. Called after every command. */
  void settle() {
    for (Value value : touched) {
      if (value.accounted >= 0) {
        long memory = value.memory();
        valueMemory += memory - value.accounted;
        value.accounted = memory;
      }
    }
    touched.clear();
  }

  long memory() {
    return FIXED_MEMORY + keys.memory() + valueMemory + expiries.size() * EXPIRY_MEMORY;
  }

  /** Begins a snapshot of what the keys hold now. An earlier one that is unfinished is given up. */
  SnapshotWriter snapshot(int chunkBytes) {
    snapshots++;
    writer = new SnapshotWriter(this, keys, snapshots, chunkBytes);
    return writer;
  }

  void finish(SnapshotWriter finished) {
    if (writer == finished) {
      writer = null;
    }
  }
}
