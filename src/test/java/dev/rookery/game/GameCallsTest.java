package dev.rookery.game;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Calls of games in Java that take too long. */
final class GameCallsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final GameCallMeters meters = new GameCallMeters(registry);
  private final CountDownLatch released = new CountDownLatch(1);

  private GameCalls calls(Duration limit) {
    return new GameCalls("game", limit, 4, Thread.ofPlatform().daemon().factory(), meters);
  }

  /** As code that does not react to its interruption. */
  private int runUntilReleased() {
    int interruptions = 0;
    while (true) {
      try {
        released.await();
        return interruptions;
      } catch (InterruptedException _) {
        interruptions++;
      }
    }
  }

  private GameOverdueException overdue(GameCalls calls) {
    return catchThrowableOfType(
        GameOverdueException.class, () -> calls.run(this::runUntilReleased));
  }

  private double overdueThreads() {
    return registry.get("rookery.extensions.games.overdue").gauge().value();
  }

  @Test
  void aCallThatTakesTooLongIsOverdueUntilItEnds() {
    GameOverdueException late = overdue(calls(Duration.ofMillis(20)));

    assertThat(late.isRunning()).isTrue();
    assertThat(overdueThreads()).isEqualTo(1);
    assertThat(registry.get("rookery.extensions.games.timeouts").counter().count()).isEqualTo(1);
    released.countDown();
    Eventually.holds(() -> !late.isRunning());
    assertThat(overdueThreads()).isZero();
  }

  @Test
  void refusesFurtherCallsWhileManyAreOverdue() {
    GameCalls calls = calls(Duration.ofMillis(20));
    for (int i = 0; i < 8; i++) {
      assertThat(overdue(calls).isRunning()).isTrue();
    }

    assertThat(overdue(calls)).hasMessage("too many calls of game are overdue");

    assertThat(overdueThreads()).isEqualTo(8);
    assertThat(calls(Duration.ofMinutes(5)).run(() -> "of another version"))
        .isEqualTo("of another version");
    released.countDown();
    Eventually.holds(() -> overdueThreads() == 0);
  }

  @Test
  void passesOnWhatAGameThrows() {
    GameCalls calls = calls(Duration.ofMinutes(5));

    assertThatThrownBy(
            () ->
                calls.run(
                    () -> {
                      throw new IllegalArgumentException("not so");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not so");
    assertThat(calls.run(() -> Thread.currentThread().isVirtual())).isFalse();
  }
}
