package dev.rookery.node;

import dev.rookery.cache.Caches;
import dev.rookery.cache.ClusterCache;
import dev.rookery.cache.LocalCounters;
import dev.rookery.cache.RedisCache;
import dev.rookery.cache.RedisConnector;
import dev.rookery.cache.RedisCounters;
import dev.rookery.cache.SharedCache;
import dev.rookery.cache.SharedCounters;
import dev.rookery.config.CacheConfig;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Creates the counters for rate limits and the caches: in Redis if one is configured. */
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

  /** As {@link #check}, for the Redis in which scripts run. */
  static void checkGodra(NodeConfig config) {
    Secret url = config.godra().redisUrl();
    if (url != null) {
      RedisCounters.check(url.value());
    }
  }

  /**
   * As {@link #checkGodra}, for the further nodes of a Redis Cluster. Says nothing of a URL that is
   * malformed.
   */
  static void checkGodraCluster(NodeConfig config) {
    List<String> nodes = config.godra().redisClusterNodes();
    Secret url = config.godra().redisUrl();
    if (nodes.isEmpty()) {
      return;
    }
    if (url == null) {
      throw new IllegalArgumentException("has no effect without godra.redisUrl");
    }
    RedisConnector.checkCluster(url.value(), nodes);
  }

  /** Creates the caches of a node; a cache that nodes share is closed with the node. */
  static Caches caches(
      NodeConfig config,
      Vertx vertx,
      InstantSource clock,
      MeterRegistry meters,
      CloseStack closing) {
    var cache = config.cache();
    return new Caches(
        cache.enabled(),
        clock,
        cache.entriesMax(),
        cache.memoryBytesMax(),
        cache.maxAge(),
        shared(config, vertx, clock, meters, closing),
        meters);
  }

  private static @Nullable SharedCache shared(
      NodeConfig config,
      Vertx vertx,
      InstantSource clock,
      MeterRegistry meters,
      CloseStack closing) {
    var cache = config.cache();
    if (!cache.enabled() || cache.mode() == CacheConfig.Mode.SINGLE) {
      return null;
    }
    return switch (cache.l2()) {
      case PARTITIONED ->
          vertx.isClustered() ? new ClusterCache(vertx, cache.redisAnswerWithin()) : null;
      case REDIS -> {
        var redis =
            new RedisCache(
                vertx,
                Objects.requireNonNull(cache.redisUrl()).value(),
                cache.redisPoolSize(),
                cache.redisAnswerWithin(),
                clock,
                meters);
        closing.add("shared cache", redis);
        yield redis;
      }
    };
  }
}
