package dev.rookery.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Shared values in Redis. When Redis does not answer in time it is not asked again for a second, so
 * an outage delays one read a second by the time limit and no others.
 */
public final class RedisCache implements SharedCache, AutoCloseable {
  private static final String PREFIX = "rookery:cache:";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int QUEUED_PER_CONNECTION = 256;

  private final Redis redis;
  private final Duration timeout;
  private final InstantSource clock;
  private final AtomicLong unavailableUntilMs = new AtomicLong();
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
    this.redis =
        RedisConnector.open(
            vertx, RedisAddress.parse(url), connections, connections * QUEUED_PER_CONNECTION);
    this.timeout = timeout;
    this.clock = clock;
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
    if (clock.millis() < unavailableUntilMs.get()) {
      return Future.succeededFuture(null);
    }
    return redis
        .send(request)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            _ -> {
              failures.increment();
              unavailableUntilMs.set(clock.millis() + RETRY_AFTER.toMillis());
              return Future.succeededFuture(null);
            });
  }

  @Override
  public void close() {
    redis.close();
  }
}
