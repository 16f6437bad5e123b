package dev.rookery.node;

import dev.rookery.cache.LocalCounters;
import dev.rookery.cache.RedisCounters;
import dev.rookery.cache.SharedCounters;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** Creates the counters for rate limits: in Redis if one is configured, else in memory. */
final class CacheFactory {
  private CacheFactory() {}

  static boolean isShared(NodeConfig config) {
    return config.cache().redisUrl() != null;
  }

  static SharedCounters open(
      NodeConfig config, Vertx vertx, InstantSource clock, MeterRegistry meters) {
    var cache = config.cache();
    Secret url = cache.redisUrl();
    return url == null
        ? new LocalCounters(clock)
        : new RedisCounters(
            vertx, url.value(), cache.redisPoolSize(), cache.redisAnswerWithin(), clock, meters);
  }

  /**
   * Checks the URL of the Redis.
   *
   * @throws IllegalArgumentException if it is malformed; without the URL, which has a password
   */
  static void check(NodeConfig config) {
    Secret url = config.cache().redisUrl();
    if (url != null) {
      RedisCounters.check(url.value());
    }
  }
}
