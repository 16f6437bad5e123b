package dev.rookery.cache;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisStandaloneConnectOptions;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens the Redis client for an address.
 *
 * <p>The client reads its address with {@link java.net.URI}, which knows no host with an
 * underscore, as container networks have them. Such a host is resolved here and the client gets its
 * address, which is looked up again after some seconds, as it may change.
 */
public final class RedisConnector {
  private static final long RESOLVED_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Vertx vertx;
  private final RedisAddress address;
  private final RedisOptions options;
  private @Nullable Future<RedisStandaloneConnectOptions> resolved;
  private long resolvedNanos;

  private RedisConnector(Vertx vertx, RedisAddress address, RedisOptions options) {
    this.vertx = vertx;
    this.address = address;
    this.options = options;
  }

  /**
   * Opens the client of a Redis.
   *
   * @param url as {@link RedisCounters#check} accepts it
   * @param connections maximum number of connections
   * @param queuedMax maximum number of requests that wait on one of them
   */
  public static Redis open(Vertx vertx, String url, int connections, int queuedMax) {
    return open(vertx, RedisAddress.parse(url), connections, queuedMax);
  }

  /**
   * Opens the client of a Redis Cluster, which sends each command to the node that has its keys and
   * follows keys that move.
   *
   * @param url of one of its nodes
   * @param nodes {@code host:port} of further ones, with the same credentials
   * @param connections maximum number of connections to each node
   */
  public static Redis openCluster(
      Vertx vertx, String url, List<String> nodes, int connections, int queuedMax) {
    RedisAddress first = RedisAddress.parse(url);
    RedisOptions options = options(connections, queuedMax).setType(RedisClientType.CLUSTER);
    options.addConnectionString(first.connectionString(first.host()));
    for (String node : nodes) {
      RedisAddress further = first.clusterNode(node);
      options.addConnectionString(further.connectionString(further.host()));
    }
    return Redis.createClient(vertx, options);
  }

  /**
   * Checks the nodes of a Redis Cluster. Accepts a URL that is malformed, which is not its subject.
   *
   * @throws IllegalArgumentException with a message that does not contain the URL
   */
  public static void checkCluster(String url, List<String> nodes) {
    RedisAddress first;
    try {
      first = RedisAddress.parse(url);
    } catch (IllegalArgumentException _) {
      return;
    }
    nodes.forEach(first::clusterNode);
  }

  private static RedisOptions options(int connections, int queuedMax) {
    return new RedisOptions()
        .setNetClientOptions(
            new NetClientOptions()
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                // Without it, connections with TLS fail.
                .setHostnameVerificationAlgorithm("HTTPS"))
        .setMaxPoolSize(connections)
        .setMaxPoolWaiting(queuedMax)
        .setMaxWaitingHandlers(queuedMax);
  }

  static Redis open(Vertx vertx, RedisAddress address, int connections, int queuedMax) {
    RedisOptions options = options(connections, queuedMax);
    return address.needsResolution()
        ? Redis.createStandaloneClient(
            vertx, options, new RedisConnector(vertx, address, options)::resolve)
        : Redis.createClient(
            vertx, options.setConnectionString(address.connectionString(address.host())));
  }

  private synchronized Future<RedisStandaloneConnectOptions> resolve() {
    long now = System.nanoTime();
    Future<RedisStandaloneConnectOptions> current = resolved;
    boolean old = now - resolvedNanos > RESOLVED_NANOS;
    if (current == null || current.failed() || (current.isComplete() && old)) {
      current =
          vertx
              .executeBlocking(() -> InetAddress.getByName(address.host()).getHostAddress(), false)
              .map(
                  found -> {
                    var reached = new RedisStandaloneConnectOptions(options);
                    reached.setEndpoints(List.of(address.connectionString(found)));
                    return reached;
                  });
      resolved = current;
      resolvedNanos = now;
    }
    return current;
  }
}
