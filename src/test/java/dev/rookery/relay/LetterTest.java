package dev.rookery.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LetterTest {
  private static final Seat SEAT = new Seat("zimmer-ü", 1);

  @Test
  void whatWasSaidArrivesAsItWas() {
    byte[] message = {0, -1, '_', 7};

    var read = Letter.read(Letter.said(Letter.bytes(SEAT.room()), 1, 1L << 40, 9, message, false));

    assertThat(read)
        .isInstanceOfSatisfying(
            Letter.Said.class,
            said -> {
              assertThat(said.seat()).isEqualTo(SEAT);
              assertThat(said.claim()).isEqualTo(1L << 40);
              assertThat(said.number()).isEqualTo(9);
              assertThat(said.message()).containsExactly(message);
              assertThat(said.text()).isFalse();
            });
  }

  @Test
  void anEmptyTextIsStillAText() {
    var read = Letter.read(Letter.said(Letter.bytes("r"), 0, 1, 1, new byte[0], true));

    assertThat(read)
        .isInstanceOfSatisfying(
            Letter.Said.class,
            said -> {
              assertThat(said.message()).isEmpty();
              assertThat(said.text()).isTrue();
            });
  }

  @Test
  void comingAndGoingNameTheSeatTheTenureAndTheNode() {
    assertThat(Letter.read(Letter.taken(SEAT, 5, "10.0.0.1:5701")))
        .isEqualTo(new Letter.Taken(SEAT, 5, "10.0.0.1:5701"));
    assertThat(Letter.read(Letter.left(SEAT, 5))).isEqualTo(new Letter.Left(SEAT, 5));
  }
}
