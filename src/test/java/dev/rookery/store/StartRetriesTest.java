package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class StartRetriesTest {
  private final AtomicInteger calls = new AtomicInteger();

  /** Refuses the first calls and answers which one it is. */
  private Supplier<Integer> refusing(int first, Refused refusal) {
    return () -> {
      int call = calls.incrementAndGet();
      if (call <= first) {
        throw refusal;
      }
      return call;
    };
  }

  @Test
  void makesACallAgainUntilTheDatabaseAnswers() {
    var retries = new StartRetries();
    retries.begin();

    assertThat(retries.call(refusing(2, StoreRefusals.busy()))).isEqualTo(3);
  }

  @Test
  void makesEachCallOnceBeforeAndAfterTheStart() {
    var retries = new StartRetries();

    assertThatThrownBy(() -> retries.call(refusing(1, StoreRefusals.busy())))
        .isInstanceOf(Refused.class);
    retries.begin();
    retries.end();
    calls.set(0);
    assertThatThrownBy(() -> retries.call(refusing(1, StoreRefusals.busy())))
        .isInstanceOf(Refused.class);
    assertThat(calls).hasValue(1);
  }

  @Test
  void givesUpWhenItsTimeIsOver() {
    var retries = new StartRetries(Duration.ofNanos(1));
    retries.begin();

    assertThatThrownBy(() -> retries.call(refusing(9, StoreRefusals.unavailable())))
        .isInstanceOf(Refused.class)
        .hasMessage("store_unavailable");
    assertThat(calls).hasValue(1);
  }

  @Test
  void makesNoCallAgainThatWasRefusedForAnotherReason() {
    var retries = new StartRetries();
    retries.begin();

    assertThatThrownBy(() -> retries.call(refusing(1, Refused.missing("not_found"))))
        .hasMessage("not_found");
    assertThat(calls).hasValue(1);
  }
}
