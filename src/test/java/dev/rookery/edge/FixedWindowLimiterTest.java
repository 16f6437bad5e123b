package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FixedWindowLimiterTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualClock clock = new ManualClock();

  @Test
  void refusesRequestsOverTheLimitUntilTheWindowEnds() {
    var limiter = new FixedWindowLimiter(2, MINUTE, 10, clock);
    clock.advance(Duration.ofSeconds(45));

    assertThat(limiter.retryAfterMs("a")).isZero();
    assertThat(limiter.retryAfterMs("a")).isZero();
    assertThat(limiter.retryAfterMs("a")).isEqualTo(15_000);
    clock.advance(Duration.ofSeconds(14));
    assertThat(limiter.retryAfterMs("a")).isEqualTo(1_000);
    clock.advance(Duration.ofSeconds(1));
    assertThat(limiter.retryAfterMs("a")).isZero();
  }

  @Test
  void windowsStartOnTheWallClockNotWithTheFirstRequest() {
    var limiter = new FixedWindowLimiter(1, MINUTE, 10, clock);
    clock.advance(Duration.ofSeconds(59));
    assertThat(limiter.retryAfterMs("a")).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(limiter.retryAfterMs("a")).isZero();
  }

  @Test
  void keysAreCountedSeparately() {
    var limiter = new FixedWindowLimiter(1, MINUTE, 10, clock);
    assertThat(limiter.retryAfterMs("a")).isZero();
    assertThat(limiter.retryAfterMs("b")).isZero();
    assertThat(limiter.retryAfterMs("a")).isPositive();
  }

  @Test
  void keysBeyondTheMaximumShareCounters() {
    var limiter = new FixedWindowLimiter(5, MINUTE, 100, clock);
    for (int i = 0; i < 100; i++) {
      assertThat(limiter.retryAfterMs("known " + i)).isZero();
    }
    int admitted = 0;
    for (int i = 0; i < 100_000; i++) {
      if (limiter.retryAfterMs("flood " + i) == 0) {
        admitted++;
      }
    }

    assertThat(admitted).isLessThanOrEqualTo(5 * 256);
    assertThat(limiter.retryAfterMs("known 1")).isZero();
  }
}
