package dev.rookery.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Shared values in Redis. When Redis does not answer in time there is no value; see {@link
 * RedisRequests}.
 */
public final class RedisCache implements SharedCache, AutoCloseable {
  private static final String PREFIX = "rookery:cache:";

  private final RedisRequests redis;
  private final Counter failures;

  /**
   * @param url as for {@link RedisCounters}
   * @param connections size of the connection pool
   * @param timeout of a request
   */
  public RedisCache(
      Vertx vertx,
      String url,
      int connections,
      Duration timeout,
      InstantSource clock,
      MeterRegistry meters) {
    this.redis = new RedisRequests(vertx, url, connections, timeout, clock, _ -> {});
    this.failures =
        Counter.builder("rookery.cache.shared.unanswered")
            .description("Reads and writes of the shared cache that Redis did not answer")
            .register(meters);
  }

  @Override
  public Future<@Nullable Buffer> get(String key) {
    return send(Request.cmd(Command.GET).arg(PREFIX + key))
        .map(response -> response == null ? null : response.toBuffer());
  }

  @Override
  public void put(String key, Buffer value, Duration maxAge) {
    send(Request.cmd(Command.SET).arg(PREFIX + key).arg(value).arg("PX").arg(maxAge.toMillis()))
        .onComplete(_ -> {});
  }

  private Future<@Nullable Response> send(Request request) {
    if (redis.isPaused()) {
      return Future.succeededFuture(null);
    }
    return redis
        .send(request)
        .recover(
            _ -> {
              failures.increment();
              return Future.succeededFuture(null);
            });
  }

  @Override
  public void close() {
    redis.close();
  }
}
