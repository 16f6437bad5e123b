package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RoomTimesTest {
  private static final long NOON = 1_000_000_000;
  private static final long MINUTE = 60_000;

  private final RoomTimes times = new RoomTimes(null);

  @Test
  void touchesARoomOnceAMinute() {
    assertThat(times.change(null, false, true, NOON))
        .isEqualTo(new RoomTimes.Change(null, false, true));
    assertThat(times.change(null, false, true, NOON + MINUTE - 1)).isNull();
    assertThat(times.change(null, false, true, NOON + MINUTE))
        .isEqualTo(new RoomTimes.Change(null, false, true));
  }

  @Test
  void doesNotTouchARoomForABotOrATimeout() {
    assertThat(times.change(null, false, false, NOON)).isNull();
  }

  @Test
  void changesTheTimeAtWhichTheOwnerIsNeededWhenItIsAnotherOne() {
    assertThat(times.change(NOON, false, false, NOON))
        .isEqualTo(new RoomTimes.Change(NOON, false, false));
    assertThat(times.change(NOON, false, false, NOON)).isNull();

    times.stored(NOON + 1);
    assertThat(times.change(NOON, false, false, NOON))
        .isEqualTo(new RoomTimes.Change(NOON, false, false));
    assertThat(times.change(null, true, false, NOON))
        .isEqualTo(new RoomTimes.Change(null, true, false));
  }
}
