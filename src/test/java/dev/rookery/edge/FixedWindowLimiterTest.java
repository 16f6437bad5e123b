package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FixedWindowLimiterTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualClock clock = new ManualClock();

  @Test
  void refusesWhatIsBeyondTheLimitUntilTheWindowEnds() {
    var window = new FixedWindowLimiter(2, MINUTE, 10, clock);
    clock.advance(Duration.ofSeconds(45));

    assertThat(window.retryAfterMs("a")).isZero();
    assertThat(window.retryAfterMs("a")).isZero();
    assertThat(window.retryAfterMs("a")).isEqualTo(15_000);
    clock.advance(Duration.ofSeconds(14));
    assertThat(window.retryAfterMs("a")).isEqualTo(1_000);
    clock.advance(Duration.ofSeconds(1));
    assertThat(window.retryAfterMs("a")).isZero();
  }

  @Test
  void windowsBeginOnTheWallClockNotWithTheFirstRequest() {
    var window = new FixedWindowLimiter(1, MINUTE, 10, clock);
    clock.advance(Duration.ofSeconds(59));
    assertThat(window.retryAfterMs("a")).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(window.retryAfterMs("a")).isZero();
  }

  @Test
  void keysAreCountedApart() {
    var window = new FixedWindowLimiter(1, MINUTE, 10, clock);
    assertThat(window.retryAfterMs("a")).isZero();
    assertThat(window.retryAfterMs("b")).isZero();
    assertThat(window.retryAfterMs("a")).isPositive();
  }

  @Test
  void aFloodOfKeysIsLimitedInsteadOfRemembered() {
    var window = new FixedWindowLimiter(5, MINUTE, 100, clock);
    for (int i = 0; i < 100; i++) {
      assertThat(window.retryAfterMs("known " + i)).isZero();
    }
    int admitted = 0;
    for (int i = 0; i < 100_000; i++) {
      if (window.retryAfterMs("flood " + i) == 0) {
        admitted++;
      }
    }

    assertThat(admitted).isLessThanOrEqualTo(5 * 256);
    assertThat(window.retryAfterMs("known 1")).isZero();
  }
}
