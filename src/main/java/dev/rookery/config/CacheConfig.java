package dev.rookery.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is cached, and the optional Redis, which also holds rate limits that nodes share. */
public record CacheConfig(
    @Setting(env = "CACHE_ENABLED") boolean enabled,
    @Setting(env = "CACHE_MODE") Mode mode,
    @Setting(env = "CACHE_L2") SharedIn l2,
    int entriesMax,
    @Setting(min = 1 << 16) int memoryBytesMax,
    @Setting(min = 100, max = 3_600_000) Duration maxAge,
    @Setting(env = {"CACHE_REDIS_URL", "REDIS_URL"}) @Nullable Secret redisUrl,
    @Setting(env = "CACHE_REDIS_POOL_SIZE", max = 1_000) int redisPoolSize,
    @Setting(max = 10_000) Duration redisAnswerWithin) {
  static final CacheConfig DEFAULTS =
      new CacheConfig(
          true,
          Mode.SINGLE,
          SharedIn.PARTITIONED,
          200_000,
          64 << 20,
          Duration.ofSeconds(60),
          null,
          10,
          Duration.ofMillis(100));

  /** The levels of the cache. */
  public enum Mode {
    /** Each node caches for itself. */
    SINGLE,
    /** Nodes share what they have read, too. */
    MULTI
  }

  /** Where nodes share what they have read. */
  public enum SharedIn {
    /** In the memory of the nodes of the cluster. */
    PARTITIONED,
    REDIS
  }
}
