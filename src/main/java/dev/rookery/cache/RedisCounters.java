package dev.rookery.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts of all nodes, in a Redis, by the clock of that Redis.
 *
 * <p>Should it not answer in time, this node's own counts decide, and it is left alone for a
 * second, so that a Redis that is away costs one request in a second its patience and all others
 * nothing.
 */
public final class RedisCounters implements SharedCounters {
  private static final Logger LOG = LoggerFactory.getLogger(RedisCounters.class);

  private static final String PREFIX = "rookery:";
  private static final Duration LEFT_ALONE_FOR = Duration.ofSeconds(1);
  private static final int WAITING_PER_CONNECTION = 256;

  private static final String COUNT =
      """
      local sum = redis.call('INCR', KEYS[1])
      if sum == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return sum
      """;

  // The second key lives for as long as the next attempt must wait.
  private static final String ATTEMPT =
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

  private final Redis redis;
  private final SharedCounters own;
  private final Duration answerWithin;
  private final InstantSource clock;
  private final AtomicLong awayUntilMs = new AtomicLong();
  private final Counter unanswered;

  /**
   * @param url {@code redis://:password@host:port/0}, or {@code rediss://} for TLS
   * @param connections at most
   */
  public RedisCounters(
      Vertx vertx,
      String url,
      int connections,
      Duration answerWithin,
      InstantSource clock,
      MeterRegistry meters) {
    this.redis =
        Redis.createClient(
            vertx,
            new RedisOptions()
                .setConnectionString(url)
                .setMaxPoolSize(connections)
                .setMaxPoolWaiting(connections * WAITING_PER_CONNECTION)
                .setMaxWaitingHandlers(connections * WAITING_PER_CONNECTION));
    this.own = new LocalCounters(clock);
    this.answerWithin = answerWithin;
    this.clock = clock;
    this.unanswered =
        Counter.builder("rookery.redis.unanswered")
            .description("Counts that this node decided alone, because Redis was away")
            .register(meters);
    Gauge.builder("rookery.redis.up", this, shared -> shared.isAway() ? 0 : 1)
        .description("Whether Redis answered when it was last asked")
        .register(meters);
  }

  @Override
  public Future<Long> count(String key, Duration forgetAfter) {
    return ask(
        Request.cmd(Command.EVAL).arg(COUNT).arg(1).arg(PREFIX + key).arg(forgetAfter.toMillis()),
        () -> own.count(key, forgetAfter));
  }

  @Override
  public Future<Long> attempt(String key, BackOff rule) {
    return ask(
        Request.cmd(Command.EVAL)
            .arg(ATTEMPT)
            .arg(2)
            .arg(PREFIX + key)
            .arg(PREFIX + key + ":wait")
            .arg(rule.free())
            .arg(rule.first().toMillis())
            .arg(rule.most().toMillis())
            .arg(rule.forgetAfter().toMillis()),
        () -> own.attempt(key, rule));
  }

  @Override
  public Future<Void> forget(String key) {
    return ask(
            Request.cmd(Command.DEL).arg(PREFIX + key).arg(PREFIX + key + ":wait"),
            () -> Future.succeededFuture(0L))
        .compose(_ -> own.forget(key));
  }

  @Override
  public void close() {
    redis.close();
    own.close();
  }

  private Future<Long> ask(Request request, Supplier<Future<Long>> alone) {
    if (isAway()) {
      unanswered.increment();
      return alone.get();
    }
    return redis
        .send(request)
        .timeout(answerWithin.toMillis(), TimeUnit.MILLISECONDS)
        .map(Response::toLong)
        .recover(
            failed -> {
              away(failed);
              return alone.get();
            });
  }

  private boolean isAway() {
    return awayUntilMs.get() > clock.millis();
  }

  private void away(Throwable cause) {
    unanswered.increment();
    long now = clock.millis();
    long before = awayUntilMs.getAndSet(now + LEFT_ALONE_FOR.toMillis());
    if (before <= now) {
      // The address may hold a password, so the cause is named by its class and message alone.
      LOG.warn("Redis is away, this node counts alone: {}", cause.toString());
    }
  }
}
