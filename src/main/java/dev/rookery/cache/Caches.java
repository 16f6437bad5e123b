package dev.rookery.cache;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the caches of a node, which share its memory for cached values. */
public final class Caches {
  private final boolean enabled;
  private final InstantSource clock;
  private final Duration maxAge;
  private final LocalCache local;
  private final @Nullable SharedCache shared;
  private final MeterRegistry registry;

  /**
   * @param enabled whether anything is cached
   * @param clock the time by which nodes agree
   * @param entriesMax the most values in memory
   * @param bytesMax the most bytes of these values
   * @param maxAge how old a value can be
   * @param shared null if nodes share no values
   */
  public Caches(
      boolean enabled,
      InstantSource clock,
      int entriesMax,
      long bytesMax,
      Duration maxAge,
      @Nullable SharedCache shared,
      MeterRegistry registry) {
    this.enabled = enabled;
    this.clock = clock;
    this.maxAge = maxAge;
    this.local = new LocalCache(clock, entriesMax, bytesMax);
    this.shared = shared;
    this.registry = registry;
    Gauge.builder("rookery.cache.entries", local, LocalCache::entries)
        .description("Values in the memory of this node")
        .register(registry);
    Gauge.builder("rookery.cache.bytes", local, LocalCache::bytes)
        .description("Size of the values in the memory of this node")
        .baseUnit("bytes")
        .register(registry);
  }

  /** Caches nothing. */
  public static Caches disabled(InstantSource clock, MeterRegistry registry) {
    return new Caches(false, clock, 1, 1, Duration.ofMillis(1), null, registry);
  }

  /**
   * Makes a cache.
   *
   * @param name of the kind of thing, in metrics and in shared keys
   * @param bytesOf about how many bytes a value takes
   * @param codec null for values that are not shared
   */
  public <K, V> ReadCache<K, V> cache(
      String name, Function<V, Long> bytesOf, ReadCache.@Nullable Codec<K, V> codec) {
    return new ReadCache<>(name, this, bytesOf, codec);
  }

  boolean isEnabled() {
    return enabled;
  }

  InstantSource clock() {
    return clock;
  }

  Duration maxAge() {
    return maxAge;
  }

  LocalCache local() {
    return local;
  }

  @Nullable SharedCache shared() {
    return shared;
  }

  CacheMeters meters(String name) {
    return new CacheMeters(registry, name);
  }
}
