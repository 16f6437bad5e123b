package dev.rookery.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counters of all nodes in Redis, by the clock of the Redis server.
 *
 * <p>When Redis does not answer in time, this node's own counters decide; see {@link
 * RedisRequests}.
 */
public final class RedisCounters implements SharedCounters {
  private static final Logger LOG = LoggerFactory.getLogger(RedisCounters.class);

  private static final String PREFIX = "rookery:";

  private static final String INCREMENT_SCRIPT =
      """
      local sum = redis.call('INCR', KEYS[1])
      if sum == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return sum
      """;

  // The second key exists as long as the next attempt must wait.
  private static final String ATTEMPT_SCRIPT =
      """
      local wait = redis.call('PTTL', KEYS[2])
      if wait > 0 then return wait end
      local sum = redis.call('INCR', KEYS[1])
      redis.call('PEXPIRE', KEYS[1], ARGV[4])
      local over = sum - tonumber(ARGV[1])
      if over >= 0 then
        local ms = math.min(tonumber(ARGV[3]), tonumber(ARGV[2]) * 2 ^ math.min(over, 30))
        redis.call('SET', KEYS[2], 1, 'PX', string.format('%d', ms))
      end
      return 0
      """;

  // Decrementing keeps the expiry.
  private static final String TAKE_BACK_SCRIPT =
      """
      redis.call('DEL', KEYS[2])
      local sum = tonumber(redis.call('GET', KEYS[1]) or '0')
      if sum > 0 then return redis.call('DECR', KEYS[1]) end
      return 0
      """;

  private final RedisRequests redis;
  private final SharedCounters local;
  private final Counter fallbacks;

  /**
   * @param url {@code redis://:password@host:port/0}, {@code rediss://} for TLS, or {@code
   *     unix:///path} for a socket
   * @param connections size of the connection pool
   * @param timeout timeout of a request
   */
  public RedisCounters(
      Vertx vertx,
      String url,
      int connections,
      Duration timeout,
      InstantSource clock,
      MeterRegistry meters) {
    this.redis =
        new RedisRequests(
            vertx,
            url,
            connections,
            timeout,
            clock,
            // The address may contain a password, so only the exception is logged.
            cause ->
                LOG.warn(
                    "Redis is unavailable, this node uses its own counters: {}", cause.toString()));
    this.local = new LocalCounters(clock);
    this.fallbacks =
        Counter.builder("rookery.redis.unanswered")
            .description("Counts that this node decided alone, because Redis was away")
            .register(meters);
    Gauge.builder("rookery.redis.up", this, shared -> shared.redis.isPaused() ? 0 : 1)
        .description("Whether Redis answered when it was last asked")
        .register(meters);
  }

  /**
   * Checks the URL of a Redis.
   *
   * @throws IllegalArgumentException with a message that names the wrong part and does not contain
   *     the URL
   */
  public static void check(String url) {
    RedisAddress.parse(url);
  }

  @Override
  public Future<Long> increment(String key, Duration resetAfter) {
    return send(
        Request.cmd(Command.EVAL)
            .arg(INCREMENT_SCRIPT)
            .arg(1)
            .arg(PREFIX + key)
            .arg(resetAfter.toMillis()),
        () -> local.increment(key, resetAfter));
  }

  @Override
  public Future<Long> tryAttempt(String key, BackOff backOff) {
    return send(
        Request.cmd(Command.EVAL)
            .arg(ATTEMPT_SCRIPT)
            .arg(2)
            .arg(PREFIX + key)
            .arg(PREFIX + key + ":wait")
            .arg(backOff.freeAttempts())
            .arg(backOff.firstDelay().toMillis())
            .arg(backOff.maxDelay().toMillis())
            .arg(backOff.resetAfter().toMillis()),
        () -> local.tryAttempt(key, backOff));
  }

  @Override
  public Future<Void> takeBack(String key) {
    return send(
            Request.cmd(Command.EVAL)
                .arg(TAKE_BACK_SCRIPT)
                .arg(2)
                .arg(PREFIX + key)
                .arg(PREFIX + key + ":wait"),
            () -> local.takeBack(key).map(_ -> 0L))
        .mapEmpty();
  }

  @Override
  public Future<Void> reset(String key) {
    return send(
            Request.cmd(Command.DEL).arg(PREFIX + key).arg(PREFIX + key + ":wait"),
            () -> Future.succeededFuture(0L))
        .compose(_ -> local.reset(key));
  }

  @Override
  public void close() {
    redis.close();
    local.close();
  }

  private Future<Long> send(Request request, Supplier<Future<Long>> fallback) {
    if (redis.isPaused()) {
      fallbacks.increment();
      return fallback.get();
    }
    return redis
        .send(request)
        .map(Response::toLong)
        .recover(
            _ -> {
              fallbacks.increment();
              return fallback.get();
            });
  }
}
