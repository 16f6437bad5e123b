package dev.rookery.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The optional Redis that holds rate limits which nodes share. */
public record CacheConfig(
    @Setting(env = {"CACHE_REDIS_URL", "REDIS_URL"}) @Nullable Secret redisUrl,
    @Setting(env = "CACHE_REDIS_POOL_SIZE", max = 1_000) int redisPoolSize,
    @Setting(max = 10_000) Duration redisAnswerWithin) {
  static final CacheConfig DEFAULTS = new CacheConfig(null, 10, Duration.ofMillis(100));
}
