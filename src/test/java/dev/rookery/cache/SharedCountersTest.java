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
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every form of shared counts promises, and what Redis promises besides. */
final class SharedCountersTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MOMENT = Duration.ofMillis(60);
  private static final BackOff RULE = new BackOff(3, HOUR, HOUR.multipliedBy(3), HOUR);

  private static Vertx vertx;
  private static TestRedis redis;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    redis = TestRedis.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
    TestBus.await(vertx.close());
  }

  static Stream<SharedCounters> forms() {
    return Stream.of(new LocalCounters(Clock.systemUTC()), overRedis());
  }

  private static RedisCounters overRedis() {
    return new RedisCounters(
        vertx, redis.url(), 4, Duration.ofSeconds(5), Clock.systemUTC(), new SimpleMeterRegistry());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void countsAreKeptApartAndForgotten(SharedCounters shared) {
    try (shared) {
      assertThat(count(shared, "a", HOUR)).isEqualTo(1);
      assertThat(count(shared, "a", HOUR)).isEqualTo(2);
      assertThat(count(shared, "b", MOMENT)).isEqualTo(1);
      Eventually.holds(() -> count(shared, "b", MOMENT) == 1);
      assertThat(count(shared, "a", MOMENT)).isEqualTo(3);
      clear(shared, "a", "b");
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void someAttemptsAreFreeAndTheNextMustWait(SharedCounters shared) {
    try (shared) {
      for (int free = 0; free < 3; free++) {
        assertThat(attempt(shared, "c", RULE)).isZero();
      }
      assertThat(attempt(shared, "c", RULE)).isBetween(1L, HOUR.toMillis());
      assertThat(attempt(shared, "d", RULE)).isZero();
      TestBus.await(shared.forget("c"));
      assertThat(attempt(shared, "c", RULE)).isZero();
      clear(shared, "c", "d");
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyAttemptWaitsTwiceAsLongUpToALimit(SharedCounters shared) {
    try (shared) {
      var rule = new BackOff(1, Duration.ofMillis(40), Duration.ofMillis(100), HOUR);
      assertThat(attempt(shared, "e", rule)).isZero();
      assertThat(attempt(shared, "e", rule)).isBetween(1L, 40L);
      Eventually.holds(() -> attempt(shared, "e", rule) == 0);
      assertThat(attempt(shared, "e", rule)).isBetween(41L, 80L);
      for (int more = 0; more < 3; more++) {
        Eventually.holds(() -> attempt(shared, "e", rule) == 0);
        assertThat(attempt(shared, "e", rule)).isBetween(81L, 100L);
      }
      clear(shared, "e");
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void manyAttemptsAtOnceAreNoMoreThanTheFreeOnes(SharedCounters shared) {
    try (shared) {
      List<Future<Long>> all =
          IntStream.range(0, 200).mapToObj(_ -> shared.attempt("f", RULE)).toList();
      TestBus.await(Future.all(all));

      assertThat(all.stream().filter(one -> one.result() == 0)).hasSize(3);
      clear(shared, "f");
    }
  }

  @Test
  void attemptsAreForgottenSoLongAfterTheLast() {
    var clock = new ManualClock();
    try (var shared = new LocalCounters(clock)) {
      for (int free = 0; free < 3; free++) {
        attempt(shared, "a", RULE);
      }
      clock.advance(HOUR.minusMillis(1));
      assertThat(attempt(shared, "a", RULE)).isEqualTo(1);
      clock.advance(Duration.ofMillis(1));
      for (int free = 0; free < 3; free++) {
        assertThat(attempt(shared, "a", RULE)).isZero();
      }
      assertThat(attempt(shared, "a", RULE)).isEqualTo(HOUR.toMillis());
    }
  }

  @Test
  void aFloodOfKeysForgetsTheOldestAndKeepsTheRest() {
    try (var shared = new LocalCounters(Clock.systemUTC())) {
      count(shared, "oldest", HOUR);
      IntStream.range(0, 99_999).forEach(i -> count(shared, "key " + i, HOUR));
      assertThat(count(shared, "key 0", HOUR)).isEqualTo(2);
      count(shared, "one more", HOUR);
      assertThat(count(shared, "oldest", HOUR)).isEqualTo(1);
      assertThat(count(shared, "key 0", HOUR)).isEqualTo(3);
    }
  }

  @Test
  void nodesCountTogetherOverRedis() {
    try (var one = overRedis();
        var two = overRedis()) {
      assertThat(count(one, "both", HOUR)).isEqualTo(1);
      assertThat(count(two, "both", HOUR)).isEqualTo(2);
      attempt(one, "tried", RULE);
      attempt(two, "tried", RULE);
      attempt(one, "tried", RULE);
      assertThat(attempt(two, "tried", RULE)).isPositive();
      clear(one, "both", "tried");
    }
  }

  @Test
  void aNodeWhoseRedisIsAwayCountsAloneAndComesBack() {
    var meters = new SimpleMeterRegistry();
    var clock = new ManualClock();
    try (var mortal = TestRedis.start();
        var shared =
            new RedisCounters(vertx, mortal.url(), 2, Duration.ofSeconds(5), clock, meters)) {
      assertThat(count(shared, "a", HOUR)).isEqualTo(1);
      mortal.stop();
      assertThat(count(shared, "a", HOUR)).isEqualTo(1);
      assertThat(count(shared, "a", HOUR)).isEqualTo(2);
      assertThat(meters.get("rookery.redis.up").gauge().value()).isZero();
      assertThat(meters.get("rookery.redis.unanswered").counter().count()).isEqualTo(2);

      mortal.startAgain();
      clock.advance(Duration.ofSeconds(1));
      Eventually.holds(
          () -> {
            clock.advance(Duration.ofSeconds(1));
            return count(shared, "b", HOUR) > 0
                && meters.get("rookery.redis.up").gauge().value() == 1;
          });
    }
  }

  private static long count(SharedCounters shared, String key, Duration forgetAfter) {
    return TestBus.await(shared.count(key, forgetAfter));
  }

  private static long attempt(SharedCounters shared, String key, BackOff rule) {
    return TestBus.await(shared.attempt(key, rule));
  }

  private static void clear(SharedCounters shared, String... keys) {
    for (String key : keys) {
      TestBus.await(shared.forget(key));
    }
  }
}
