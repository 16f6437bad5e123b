package dev.rookery.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

final class PageTest {
  private static final LongSupplier NOT_ASKED =
      () -> {
        throw new AssertionError("the page tells the total");
      };

  @Test
  void lastPageTellsTheTotal() {
    assertThat(new Page.Request(1, 25).total(0, NOT_ASKED)).isZero();
    assertThat(new Page.Request(1, 25).total(7, NOT_ASKED)).isEqualTo(7);
    assertThat(new Page.Request(3, 25).total(24, NOT_ASKED)).isEqualTo(74);
  }

  @Test
  void otherPagesHaveTheListCounted() {
    assertThat(new Page.Request(1, 25).total(25, () -> 60)).as("a full page").isEqualTo(60);
    assertThat(new Page.Request(9, 25).total(0, () -> 60)).as("behind the last").isEqualTo(60);
  }
}
