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

/** Configuration, in the words of the cache. */
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
   * Throws {@link IllegalArgumentException}, which does not repeat the address: it has a password.
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
      // Told below, without the text.
    }
    throw new IllegalArgumentException("is not redis://[:password@]host[:port][/database]");
  }
}
