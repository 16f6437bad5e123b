package dev.rookery.node;

import dev.rookery.cache.LocalCounters;
import dev.rookery.cache.RedisCounters;
import dev.rookery.cache.SharedCounters;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.InstantSource;
import java.util.Set;

/** Creates the counters for rate limits: in Redis if one is configured, else in memory. */
final class CacheFactory {
  private static final Set<String> SCHEMES = Set.of("redis", "rediss");

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
    if (url == null) {
      return;
    }
    try {
      URI uri = URI.create(url.value());
      if (uri.getScheme() != null && SCHEMES.contains(uri.getScheme()) && uri.getHost() != null) {
        return;
      }
    } catch (IllegalArgumentException _) {
      // Reported below, without the URL.
    }
    throw new IllegalArgumentException("is not redis://[:password@]host[:port][/database]");
  }
}
