package dev.rookery.cache;

import dev.rookery.base.Event;
import dev.rookery.base.Position;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Caches what is read of one kind of thing: in the memory of this node and, if the node has one, in
 * a cache that nodes share.
 *
 * <p>A node invalidates what it changes before it acknowledges the change, and what others change
 * when their committed event arrives. So nobody reads an older value than their own acknowledged
 * write on a node that has heard of it. The feed notices an event that was lost within seconds, and
 * then all is dropped; and no value is older than the maximum age in any case.
 *
 * <p>A read that began before an invalidation never puts its value into the cache after it: a
 * number that each invalidation of the key raises is compared when the value is put, and a value of
 * before the last {@link #clear} is not found. Of shared values the position is compared at which
 * they were read.
 *
 * <p>Thread-safe. {@link #get} may wait for the shared cache, so it is called on virtual threads.
 */
public final class ReadCache<K, V> {
  private static final int STRIPES = 1_024;

  private final String name;
  private final Caches caches;
  private final Function<V, Long> bytesOf;
  private final @Nullable Codec<K, V> codec;
  private final AtomicLongArray stamps = new AtomicLongArray(STRIPES);
  private final AtomicLong clears = new AtomicLong();
  private final RecentChanges<K> changes = new RecentChanges<>();
  private final CacheMeters meters;
  private volatile boolean usable;

  ReadCache(String name, Caches caches, Function<V, Long> bytesOf, @Nullable Codec<K, V> codec) {
    this.name = name;
    this.caches = caches;
    this.bytesOf = bytesOf;
    this.codec = codec;
    this.meters = caches.meters(name);
  }

  /** How values are shared. */
  public interface Codec<K, V> {
    /** A text that no other key has. */
    String name(K key);

    Buffer encode(V value);

    V decode(K key, Buffer bytes);
  }

  /**
   * Follows the events by which values are invalidated; until it does, nothing is cached.
   *
   * @param keysOf the keys whose values an event changes; null for all
   */
  public void follow(
      ChangeFeed feed, String stream, Function<Event, @Nullable Iterable<K>> keysOf) {
    feed.follow(
        stream,
        new ChangeFeed.Listener() {
          @Override
          public void onStart(Position position) {
            changes.begin(position);
            clear();
            usable = true;
          }

          @Override
          public void onEvent(Event event, Position position) {
            Iterable<K> keys = keysOf.apply(event);
            if (keys == null) {
              changes.begin(position);
              clear();
            } else {
              keys.forEach(
                  key -> {
                    changes.add(key, position);
                    drop(key);
                  });
              changes.reached(position);
            }
          }

          @Override
          public void onLost() {
            usable = false;
            changes.end();
            clear();
            meters.lost();
          }
        });
  }

  /** The value of a key: from the memory of this node, the shared cache, or else as loaded. */
  @SuppressWarnings("unchecked")
  public V get(K key, Supplier<V> load) {
    if (!caches.isEnabled() || !usable) {
      return load.get();
    }
    LocalCache.Key localKey = localKey(key);
    Object local = caches.local().get(localKey);
    if (local != null) {
      meters.local();
      return (V) local;
    }
    long stamp = stamp(key);
    Position readAt = changes.reached();
    long nowMs = caches.clock().millis();
    Shared<V> shared = codec == null ? null : shared(codec, key);
    if (shared != null) {
      meters.shared();
      put(localKey, key, shared.value, shared.readMs, stamp);
      return shared.value;
    }
    meters.loaded();
    V value = load.get();
    put(localKey, key, value, nowMs, stamp);
    if (codec != null && readAt != null && stamp(key) == stamp) {
      share(codec, key, value, readAt, nowMs);
    }
    return value;
  }

  private void put(LocalCache.Key localKey, K key, V value, long readMs, long stamp) {
    caches
        .local()
        .put(
            localKey,
            value,
            bytesOf.apply(value),
            readMs + caches.maxAge().toMillis(),
            () -> usable && stamp(key) == stamp);
  }

  /**
   * Drops the value of a key that this node has changed, before the change is acknowledged; also if
   * the outcome of the change is unknown.
   */
  public void invalidate(K key) {
    changes.add(key);
    drop(key);
  }

  private void drop(K key) {
    // Raised first: a read that sees the old number puts its value before the removal, or not at
    // all.
    stamps.incrementAndGet(stripe(key));
    caches.local().remove(localKey(key));
  }

  /**
   * Drops all values of this node: they are not found any more. Their memory is freed when they
   * expire or when others need it, since looking for them would take a walk through all caches.
   */
  public void clear() {
    clears.incrementAndGet();
  }

  private LocalCache.Key localKey(K key) {
    return new LocalCache.Key(name, clears.get(), key);
  }

  private long stamp(K key) {
    return stamps.get(stripe(key)) + clears.get();
  }

  private static int stripe(Object key) {
    int hash = key.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }

  // Shared values.

  private record Shared<V>(V value, long readMs) {}

  private @Nullable Shared<V> shared(Codec<K, V> format, K key) {
    SharedCache others = caches.shared();
    if (others == null) {
      return null;
    }
    Buffer bytes = others.get(name + ":" + format.name(key)).await();
    if (bytes == null || bytes.length() < SharedHeader.BYTES) {
      return null;
    }
    SharedHeader header = SharedHeader.read(bytes);
    boolean old = header.readMs() + caches.maxAge().toMillis() <= caches.clock().millis();
    if (old || !changes.isCurrent(key, header.readAt())) {
      return null;
    }
    try {
      Buffer value = bytes.getBuffer(SharedHeader.BYTES, bytes.length());
      return new Shared<>(format.decode(key, value), header.readMs());
    } catch (RuntimeException _) {
      // Of another version of the server, or damaged.
      return null;
    }
  }

  private void share(Codec<K, V> format, K key, V value, Position readAt, long readMs) {
    SharedCache others = caches.shared();
    if (others != null) {
      Buffer bytes = new SharedHeader(readAt, readMs).write().appendBuffer(format.encode(value));
      others.put(name + ":" + format.name(key), bytes, caches.maxAge());
    }
  }

  /** When and at which position a shared value was read. */
  private record SharedHeader(Position readAt, long readMs) {
    static final int BYTES = 3 * Long.BYTES;

    static SharedHeader read(Buffer bytes) {
      return new SharedHeader(
          new Position(bytes.getLong(0), bytes.getLong(Long.BYTES)), bytes.getLong(2 * Long.BYTES));
    }

    Buffer write() {
      return Buffer.buffer()
          .appendLong(readAt.epoch())
          .appendLong(readAt.offset())
          .appendLong(readMs);
    }
  }
}
