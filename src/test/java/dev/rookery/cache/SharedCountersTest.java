package dev.rookery.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.cache.SharedCounters.BackOff;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestRedis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of all implementations of shared counters, and what Redis adds. */
@ExtendWith(VertxExtension.class)
final class SharedCountersTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(60);
  private static final BackOff BACK_OFF = new BackOff(3, HOUR, HOUR.multipliedBy(3), HOUR);

  private static Vertx vertx;
  private static TestRedis redis;

  @BeforeAll
  static void start(Vertx shared) {
    vertx = shared;
    redis = TestRedis.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  static Stream<SharedCounters> implementations() {
    return Stream.of(new LocalCounters(Clock.systemUTC()), redisCounters());
  }

  private static RedisCounters redisCounters() {
    return new RedisCounters(
        vertx, redis.url(), 4, Duration.ofMinutes(1), Clock.systemUTC(), new SimpleMeterRegistry());
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void keepsCountersApartAndExpiresThem(SharedCounters counters) {
    try (counters) {
      assertThat(count(counters, "a", HOUR)).isEqualTo(1);
      assertThat(count(counters, "a", HOUR)).isEqualTo(2);
      assertThat(count(counters, "b", SHORT)).isEqualTo(1);
      Eventually.holds(() -> count(counters, "b", SHORT) == 1);
      assertThat(count(counters, "a", SHORT)).isEqualTo(3);
      clear(counters, "a", "b");
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void delaysAttemptsAfterTheFreeOnes(SharedCounters counters) {
    try (counters) {
      for (int free = 0; free < 3; free++) {
        assertThat(attempt(counters, "c", BACK_OFF)).isZero();
      }
      assertThat(attempt(counters, "c", BACK_OFF)).isBetween(1L, HOUR.toMillis());
      assertThat(attempt(counters, "d", BACK_OFF)).isZero();
      TestBus.await(counters.reset("c"));
      assertThat(attempt(counters, "c", BACK_OFF)).isZero();
      clear(counters, "c", "d");
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void doublesTheDelayUpToTheMaximum(SharedCounters counters) {
    try (counters) {
      // A delay can pass before this thread asks for it; then another key is tried.
      var tries = new AtomicInteger();
      Eventually.holds(() -> doubles(counters, "e" + tries.incrementAndGet()));
      IntStream.rangeClosed(1, tries.get()).forEach(n -> clear(counters, "e" + n));
    }
  }

  private static boolean doubles(SharedCounters counters, String key) {
    var backOff = new BackOff(1, Duration.ofMillis(40), Duration.ofMillis(100), HOUR);
    assertThat(attempt(counters, key, backOff)).isZero();
    for (long[] delay : new long[][] {{1, 40}, {41, 80}, {81, 100}, {81, 100}, {81, 100}}) {
      long wait = attempt(counters, key, backOff);
      assertThat(wait).isLessThanOrEqualTo(delay[1]);
      if (wait < delay[0]) {
        return false;
      }
      Eventually.holds(() -> attempt(counters, key, backOff) == 0);
    }
    return true;
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void allowsOnlyFreeAttemptsWhenManyComeAtOnce(SharedCounters counters) {
    try (counters) {
      List<Future<Long>> all =
          IntStream.range(0, 200).mapToObj(_ -> counters.tryAttempt("f", BACK_OFF)).toList();
      TestBus.await(Future.all(all));

      assertThat(all.stream().filter(one -> one.result() == 0)).hasSize(3);
      clear(counters, "f");
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void takesBackOneAttemptWithItsDelay(SharedCounters counters) {
    try (counters) {
      TestBus.await(counters.takeBack("g"));
      for (int free = 0; free < 3; free++) {
        assertThat(attempt(counters, "g", BACK_OFF)).isZero();
      }
      assertThat(attempt(counters, "g", BACK_OFF)).isPositive();
      TestBus.await(counters.takeBack("g"));
      assertThat(attempt(counters, "g", BACK_OFF)).isZero();
      assertThat(attempt(counters, "g", BACK_OFF)).isPositive();
      clear(counters, "g");
    }
  }

  @Test
  void forgetsAttemptsAfterTheLast() {
    var clock = new ManualClock();
    try (var counters = new LocalCounters(clock)) {
      for (int free = 0; free < 3; free++) {
        attempt(counters, "a", BACK_OFF);
      }
      clock.advance(HOUR.minusMillis(1));
      assertThat(attempt(counters, "a", BACK_OFF)).isEqualTo(1);
      clock.advance(Duration.ofMillis(1));
      for (int free = 0; free < 3; free++) {
        assertThat(attempt(counters, "a", BACK_OFF)).isZero();
      }
      assertThat(attempt(counters, "a", BACK_OFF)).isEqualTo(HOUR.toMillis());
    }
  }

  @Test
  void dropsTheOldestKeyWhenFull() {
    try (var counters = new LocalCounters(Clock.systemUTC())) {
      count(counters, "oldest", HOUR);
      IntStream.range(0, 99_999).forEach(i -> count(counters, "key " + i, HOUR));
      assertThat(count(counters, "key 0", HOUR)).isEqualTo(2);
      count(counters, "one more", HOUR);
      assertThat(count(counters, "oldest", HOUR)).isEqualTo(1);
      assertThat(count(counters, "key 0", HOUR)).isEqualTo(3);
    }
  }

  @Test
  void sharesCountersOverRedis() {
    try (var one = redisCounters();
        var two = redisCounters()) {
      assertThat(count(one, "both", HOUR)).isEqualTo(1);
      assertThat(count(two, "both", HOUR)).isEqualTo(2);
      attempt(one, "tried", BACK_OFF);
      attempt(two, "tried", BACK_OFF);
      attempt(one, "tried", BACK_OFF);
      assertThat(attempt(two, "tried", BACK_OFF)).isPositive();
      clear(one, "both", "tried");
    }
  }

  @Test
  void fallsBackToOwnCountersWhileRedisIsUnavailable() {
    var meters = new SimpleMeterRegistry();
    var clock = new ManualClock();
    try (var server = TestRedis.start();
        var counters =
            new RedisCounters(vertx, server.url(), 2, Duration.ofSeconds(5), clock, meters)) {
      assertThat(count(counters, "a", HOUR)).isEqualTo(1);
      server.stop();
      assertThat(count(counters, "a", HOUR)).isEqualTo(1);
      assertThat(count(counters, "a", HOUR)).isEqualTo(2);
      assertThat(meters.get("rookery.redis.up").gauge().value()).isZero();
      assertThat(meters.get("rookery.redis.unanswered").counter().count()).isEqualTo(2);

      server.startAgain();
      clock.advance(Duration.ofSeconds(1));
      Eventually.holds(
          () -> {
            clock.advance(Duration.ofSeconds(1));
            return count(counters, "b", HOUR) > 0
                && meters.get("rookery.redis.up").gauge().value() == 1;
          });
    }
  }

  private static long count(SharedCounters counters, String key, Duration resetAfter) {
    return TestBus.await(counters.increment(key, resetAfter));
  }

  private static long attempt(SharedCounters counters, String key, BackOff backOff) {
    return TestBus.await(counters.tryAttempt(key, backOff));
  }

  private static void clear(SharedCounters counters, String... keys) {
    for (String key : keys) {
      TestBus.await(counters.reset(key));
    }
  }
}
