package dev.rookery.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.consumer.ConsumerStore.Head;
import org.junit.jupiter.api.Test;

final class SafeHorizonTest {
  private final SafeHorizon horizon = new SafeHorizon(10);

  @Test
  void isTheNewestEventWhileNothingIsUnderWay() {
    assertThat(horizon.advance(new Head(20, 500, 500))).isEqualTo(20);
    assertThat(horizon.advance(new Head(0, 501, 501))).isEqualTo(20);
  }

  @Test
  void waitsForTransactionsThatMayHoldSmallerIds() {
    assertThat(horizon.advance(new Head(20, 500, 490))).isEqualTo(10);
    assertThat(horizon.advance(new Head(25, 510, 499))).isEqualTo(10);
    assertThat(horizon.advance(new Head(30, 520, 500))).isEqualTo(20);
  }

  @Test
  void movesOnAlthoughNewTransactionsStartAllTheTime() {
    horizon.advance(new Head(20, 500, 490));
    horizon.advance(new Head(30, 520, 505));

    assertThat(horizon.advance(new Head(40, 540, 525))).isEqualTo(30);
    assertThat(horizon.advance(new Head(50, 560, 545))).isEqualTo(40);
  }

  @Test
  void doesNotMoveOnForTransactionsThatStartedLater() {
    horizon.advance(new Head(20, 500, 490));
    assertThat(horizon.advance(new Head(30, 520, 490))).isEqualTo(10);
    // All that held ids up to 20 have ended, but not those up to 30.
    assertThat(horizon.advance(new Head(30, 530, 510))).isEqualTo(20);
    assertThat(horizon.advance(new Head(30, 540, 529))).isEqualTo(20);
    assertThat(horizon.advance(new Head(30, 550, 530))).isEqualTo(30);
  }
}
