package dev.rookery.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts where the values of one cache came from. */
final class CacheMeters {
  private final Counter local;
  private final Counter shared;
  private final Counter loaded;
  private final Counter lost;

  CacheMeters(MeterRegistry registry, String cache) {
    this.local = reads(registry, cache, "local");
    this.shared = reads(registry, cache, "shared");
    this.loaded = reads(registry, cache, "loaded");
    this.lost =
        Counter.builder("rookery.cache.cleared")
            .description("Times that a cache was dropped because events were missed")
            .tag("cache", cache)
            .register(registry);
  }

  private static Counter reads(MeterRegistry registry, String cache, String from) {
    return Counter.builder("rookery.cache.reads")
        .description(
            "Reads by where the value came from: this node, the shared cache, the database")
        .tag("cache", cache)
        .tag("from", from)
        .register(registry);
  }

  void local() {
    local.increment();
  }

  void shared() {
    shared.increment();
  }

  void loaded() {
    loaded.increment();
  }

  void lost() {
    lost.increment();
  }
}
