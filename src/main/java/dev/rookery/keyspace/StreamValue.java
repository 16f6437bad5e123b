package dev.rookery.keyspace;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Entries by rising id. Stays when it is empty, as the last id must never be given again. */
final class StreamValue extends Value {
  /** Two unsigned numbers: milliseconds and a counter within them. */
  record Id(long millis, long counter) implements Comparable<Id> {
    static final Id MIN = new Id(0, 0);
    static final Id MAX = new Id(-1, -1);

    @Override
    public int compareTo(Id other) {
      int order = Long.compareUnsigned(millis, other.millis);
      return order != 0 ? order : Long.compareUnsigned(counter, other.counter);
    }

    @Override
    public String toString() {
      return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(counter);
    }
  }

  private static final long ENTRY_MEMORY = 120;

  private final NavigableMap<Id, List<byte[]>> entries = new TreeMap<>();
  private Id lastId = Id.MIN;
  private long contentMemory;

  /** Entries, each with fields and values in turn. */
  NavigableMap<Id, List<byte[]>> entries() {
    return entries;
  }

  int size() {
    return entries.size();
  }

  Id lastId() {
    return lastId;
  }

  void setLastId(Id id) {
    lastId = id;
  }

  void add(Id id, List<byte[]> fields) {
    entries.put(id, fields);
    lastId = id;
    contentMemory += memory(fields);
  }

  boolean remove(Id id) {
    List<byte[]> fields = entries.remove(id);
    if (fields == null) {
      return false;
    }
    contentMemory -= memory(fields);
    return true;
  }

  private static long memory(List<byte[]> fields) {
    long memory = ENTRY_MEMORY + fields.size() * 4L;
    for (byte[] field : fields) {
      memory += ByteStrings.memory(field);
    }
    return memory;
  }

  @Override
  String type() {
    return "stream";
  }

  @Override
  long memory() {
    return 120 + contentMemory;
  }

  @Override
  boolean isEmpty() {
    return false;
  }

  @Override
  Value copy() {
    var copy = new StreamValue();
    entries.forEach(copy::add);
    copy.lastId = lastId;
    return copy;
  }
}
