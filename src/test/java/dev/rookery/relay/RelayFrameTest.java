package dev.rookery.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RelayFrameTest {
  private static final Seat SEAT = new Seat("zimmer-ü", 1);

  @Test
  void decodesAMessageUnchanged() {
    byte[] message = {0, -1, '_', 7};

    var decoded =
        RelayFrame.decode(
            RelayFrame.encodeMessage(
                RelayFrame.bytes(SEAT.room()), 1, 1L << 40, 9, message, false));

    assertThat(decoded)
        .isInstanceOfSatisfying(
            RelayFrame.Message.class,
            received -> {
              assertThat(received.seat()).isEqualTo(SEAT);
              assertThat(received.claim()).isEqualTo(1L << 40);
              assertThat(received.number()).isEqualTo(9);
              assertThat(received.message()).containsExactly(message);
              assertThat(received.text()).isFalse();
            });
  }

  @Test
  void decodesAnEmptyTextMessage() {
    var decoded =
        RelayFrame.decode(
            RelayFrame.encodeMessage(RelayFrame.bytes("r"), 0, 1, 1, new byte[0], true));

    assertThat(decoded)
        .isInstanceOfSatisfying(
            RelayFrame.Message.class,
            received -> {
              assertThat(received.message()).isEmpty();
              assertThat(received.text()).isTrue();
            });
  }

  @Test
  void decodesTakenAndLeftSeats() {
    assertThat(RelayFrame.decode(RelayFrame.encodeSeatTaken(SEAT, 5, "10.0.0.1:5701")))
        .isEqualTo(new RelayFrame.SeatTaken(SEAT, 5, "10.0.0.1:5701"));
    assertThat(RelayFrame.decode(RelayFrame.encodeSeatLeft(SEAT, 5)))
        .isEqualTo(new RelayFrame.SeatLeft(SEAT, 5));
  }
}
