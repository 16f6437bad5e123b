package dev.rookery.cache;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The values of all caches of this node in its memory, bounded in number and in bytes together. The
 * one that was used longest ago makes room. Thread-safe.
 *
 * <p>It is divided into segments, so that threads seldom wait for each other; each has an equal
 * part of both bounds.
 */
final class LocalCache {
  private static final int SEGMENTS = 16;

  private final InstantSource clock;
  private final List<Segment> segments = new ArrayList<>(SEGMENTS);

  /**
   * @param entriesMax the most values
   * @param bytesMax the most bytes, as the caches measure their values
   */
  LocalCache(InstantSource clock, int entriesMax, long bytesMax) {
    this.clock = clock;
    for (int i = 0; i < SEGMENTS; i++) {
      segments.add(new Segment(Math.max(1, entriesMax / SEGMENTS), bytesMax / SEGMENTS));
    }
  }

  /** A value of one of the caches. */
  record Key(String cache, Object key) {}

  private record Entry(Object value, long bytes, long expiresMs) {}

  /** The value; null if there is none, or it has expired. */
  @Nullable Object get(Key key) {
    return segment(key).get(key, clock.millis());
  }

  /**
   * Puts a value if {@code current} still holds. No removal can happen between the check and the
   * moment at which the value is there.
   *
   * @param expiresMs when it is dropped, in milliseconds of the clock
   */
  void put(Key key, Object value, long bytes, long expiresMs, BooleanSupplier current) {
    segment(key).put(key, new Entry(value, bytes, expiresMs), current);
  }

  void remove(Key key) {
    segment(key).remove(key);
  }

  /** Removes all values of a cache. */
  void clear(String cache) {
    segments.forEach(segment -> segment.clear(cache));
  }

  long entries() {
    return segments.stream().mapToLong(Segment::entries).sum();
  }

  long bytes() {
    return segments.stream().mapToLong(Segment::bytes).sum();
  }

  private Segment segment(Key key) {
    int hash = key.hashCode();
    return segments.get((hash ^ (hash >>> 16)) & (SEGMENTS - 1));
  }

  private static final class Segment {
    private final int entriesMax;
    private final long bytesMax;
    private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    Segment(int entriesMax, long bytesMax) {
      this.entriesMax = entriesMax;
      this.bytesMax = bytesMax;
    }

    synchronized @Nullable Object get(Key key, long nowMs) {
      Entry entry = entries.get(key);
      if (entry == null) {
        return null;
      }
      if (entry.expiresMs <= nowMs) {
        remove(key);
        return null;
      }
      return entry.value;
    }

    synchronized void put(Key key, Entry entry, BooleanSupplier current) {
      if (entry.bytes > bytesMax || !current.getAsBoolean()) {
        return;
      }
      Entry replaced = entries.put(key, entry);
      bytes += entry.bytes - (replaced == null ? 0 : replaced.bytes);
      var eldest = entries.entrySet().iterator();
      while (bytes > bytesMax || entries.size() > entriesMax) {
        bytes -= eldest.next().getValue().bytes;
        eldest.remove();
      }
    }

    synchronized void remove(Key key) {
      Entry removed = entries.remove(key);
      if (removed != null) {
        bytes -= removed.bytes;
      }
    }

    synchronized void clear(String cache) {
      entries
          .entrySet()
          .removeIf(
              entry -> {
                boolean removed = entry.getKey().cache().equals(cache);
                if (removed) {
                  bytes -= entry.getValue().bytes;
                }
                return removed;
              });
    }

    synchronized long entries() {
      return entries.size();
    }

    synchronized long bytes() {
      return bytes;
    }
  }
}
