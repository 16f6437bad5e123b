package dev.rookery.cache;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Requests to a Redis that callers can do without. When it does not answer one in time it is not to
 * be asked for a second, so an outage delays one request a second by the time limit and no others.
 */
final class RedisRequests implements AutoCloseable {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int QUEUED_PER_CONNECTION = 256;

  private final Redis redis;
  private final Duration timeout;
  private final InstantSource clock;
  private final Consumer<Throwable> onPause;
  private final AtomicLong pausedUntilMs = new AtomicLong();

  /**
   * @param url as for {@link RedisCounters}
   * @param connections size of the connection pool
   * @param timeout of a request
   * @param onPause is called with the reason when a pause begins
   */
  RedisRequests(
      Vertx vertx,
      String url,
      int connections,
      Duration timeout,
      InstantSource clock,
      Consumer<Throwable> onPause) {
    this.redis =
        RedisConnector.open(
            vertx, RedisAddress.parse(url), connections, connections * QUEUED_PER_CONNECTION);
    this.timeout = timeout;
    this.clock = clock;
    this.onPause = onPause;
  }

  /** Whether Redis is not to be asked now. */
  boolean isPaused() {
    return clock.millis() < pausedUntilMs.get();
  }

  /** Sends a request. Fails if it is not answered in time, and a pause begins. */
  Future<Response> send(Request request) {
    return redis
        .send(request)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(this::pause);
  }

  private void pause(Throwable cause) {
    long nowMs = clock.millis();
    long previousMs = pausedUntilMs.getAndSet(nowMs + RETRY_AFTER.toMillis());
    if (previousMs <= nowMs) {
      onPause.accept(cause);
    }
  }

  @Override
  public void close() {
    redis.close();
  }
}
