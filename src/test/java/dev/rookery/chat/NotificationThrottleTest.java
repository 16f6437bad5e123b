package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.chat.Conversation.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When audiences may be notified again. */
final class NotificationThrottleTest {
  private static final Audience AUDIENCE = new Audience(Kind.GROUP, 5);
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  private final NotificationThrottle throttle = new NotificationThrottle();

  @Test
  void intervalGrowsWithTheAudience() {
    assertThat(NotificationThrottle.interval(0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(NotificationThrottle.interval(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(NotificationThrottle.interval(100)).isEqualTo(TWO_SECONDS);
    assertThat(NotificationThrottle.interval(500)).isEqualTo(Duration.ofSeconds(10));
    assertThat(NotificationThrottle.interval(1_000_000)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void firstMessageIsDueAtOnce() {
    assertThat(throttle.dueMs(AUDIENCE, 1_000)).isEqualTo(1_000);
  }

  @Test
  void messagesWithinAnIntervalAreDueAtItsEnd() {
    throttle.notified(AUDIENCE, 1_000, TWO_SECONDS);

    assertThat(throttle.dueMs(AUDIENCE, 1_001)).isEqualTo(3_000);
    assertThat(throttle.dueMs(AUDIENCE, 2_999)).isEqualTo(3_000);
    assertThat(throttle.dueMs(new Audience(Kind.GROUP, 6), 2_999)).isEqualTo(2_999);
  }

  @Test
  void intervalFollowsEachNotification() {
    throttle.notified(AUDIENCE, 1_000, TWO_SECONDS);

    assertThat(throttle.dueMs(AUDIENCE, 1_500)).isEqualTo(3_000);
    assertThat(throttle.dueMs(AUDIENCE, 3_000)).isEqualTo(5_000);
    assertThat(throttle.dueMs(AUDIENCE, 4_999)).isEqualTo(5_000);
    assertThat(throttle.dueMs(AUDIENCE, 7_000)).isEqualTo(7_000);
  }

  @Test
  void audienceIsFreeAfterAQuietInterval() {
    throttle.notified(AUDIENCE, 1_000, TWO_SECONDS);

    assertThat(throttle.dueMs(AUDIENCE, 3_000)).isEqualTo(3_000);
  }
}
