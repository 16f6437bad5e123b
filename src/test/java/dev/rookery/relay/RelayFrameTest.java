package dev.rookery.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RelayFrameTest {
  private static final Seat SEAT = new Seat("zimmer-ü", 1);

  @Test
  void whatWasSaidArrivesAsItWas() {
    byte[] message = {0, -1, '_', 7};

    var read =
        RelayFrame.decode(
            RelayFrame.encodeMessage(
                RelayFrame.bytes(SEAT.room()), 1, 1L << 40, 9, message, false));

    assertThat(read)
        .isInstanceOfSatisfying(
            RelayFrame.Message.class,
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
    var read =
        RelayFrame.decode(
            RelayFrame.encodeMessage(RelayFrame.bytes("r"), 0, 1, 1, new byte[0], true));

    assertThat(read)
        .isInstanceOfSatisfying(
            RelayFrame.Message.class,
            said -> {
              assertThat(said.message()).isEmpty();
              assertThat(said.text()).isTrue();
            });
  }

  @Test
  void comingAndGoingNameTheSeatTheTenureAndTheNode() {
    assertThat(RelayFrame.decode(RelayFrame.encodeSeatTaken(SEAT, 5, "10.0.0.1:5701")))
        .isEqualTo(new RelayFrame.SeatTaken(SEAT, 5, "10.0.0.1:5701"));
    assertThat(RelayFrame.decode(RelayFrame.encodeSeatLeft(SEAT, 5)))
        .isEqualTo(new RelayFrame.SeatLeft(SEAT, 5));
  }
}
