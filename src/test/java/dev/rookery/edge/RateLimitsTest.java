package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.ManualClock;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RateLimitsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String ADDRESS = "192.0.2.1";

  private final ManualClock clock = new ManualClock();
  private final RateLimits limits =
      new RateLimits(
          new FixedWindowLimiter(2, MINUTE, 10, clock),
          new FixedWindowLimiter(1, MINUTE, 10, clock),
          null);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/login",
        "/login/",
        "/register/",
        "/guest-login/",
        "/guest-login//",
        "/users/log-in/",
        "/api/v1/login/",
        "/api/v1/register/",
        "/auth/anonymous/"
      })
  void countsSignInsWithASlashAtTheEndAsSignIns(String path) {
    assertThat(limits.retryAfterMs(HttpMethod.POST, path, ADDRESS)).isZero();
    assertThat(limits.retryAfterMs(HttpMethod.POST, path, ADDRESS)).isPositive();
    assertThat(limits.retryAfterMs(HttpMethod.POST, "/", ADDRESS)).isZero();
    assertThat(limits.retryAfterMs(HttpMethod.POST, "/logins/", ADDRESS)).isZero();
  }
}
