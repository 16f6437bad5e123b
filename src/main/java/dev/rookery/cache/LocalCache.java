package dev.rookery.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The values of all caches of this node in its memory, bounded in number and in bytes together.
 * Those that are used least make room. Thread-safe; it has no threads of its own.
 */
final class LocalCache {
  private final Cache<Key, Entry> values;
  private final LongAdder bytes = new LongAdder();
  private final int weightMin;
  private final long weightMax;

  /**
   * @param entriesMax the most values
   * @param bytesMax the most bytes, as the caches measure their values
   */
  LocalCache(InstantSource clock, int entriesMax, long bytesMax) {
    // Caffeine has one bound. As each value weighs at least its share of the bytes, it is the bound
    // of the number, too.
    this.weightMin = (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(bytesMax, entriesMax));
    this.weightMax = bytesMax;
    this.values =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .maximumWeight(bytesMax)
            .weigher((Key _, Entry entry) -> Math.max(weightMin, (int) entry.bytes))
            .expireAfter(
                Expiry.<Key, Entry>writing(
                    (_, entry) -> Duration.ofMillis(entry.expiresMs - clock.millis())))
            .removalListener((_, entry, _) -> removed(entry))
            .build();
  }

  /**
   * A value of one of the caches.
   *
   * @param generation how often the cache was cleared before; values of earlier generations are not
   *     found
   */
  record Key(String cache, long generation, Object key) {}

  private record Entry(Object value, long bytes, long expiresMs) {}

  /** The value; null if there is none, or it has expired. */
  @Nullable Object get(Key key) {
    Entry entry = values.getIfPresent(key);
    return entry == null ? null : entry.value;
  }

  /**
   * Puts a value if {@code current} still holds. The value cannot be removed between the check and
   * the moment at which it is there; a removal at that time waits, and then removes it.
   *
   * @param expiresMs when it is dropped, in milliseconds of the clock
   */
  void put(Key key, Object value, long size, long expiresMs, BooleanSupplier current) {
    if (size > Math.min(weightMax, Integer.MAX_VALUE)) {
      return;
    }
    var entry = new Entry(value, size, expiresMs);
    values
        .asMap()
        .compute(
            key,
            (_, before) -> {
              if (!current.getAsBoolean()) {
                return before;
              }
              bytes.add(size);
              return entry;
            });
  }

  void remove(Key key) {
    values.invalidate(key);
  }

  long entries() {
    return values.estimatedSize();
  }

  long bytes() {
    return bytes.sum();
  }

  private void removed(@Nullable Entry entry) {
    if (entry != null) {
      bytes.add(-entry.bytes);
    }
  }
}
