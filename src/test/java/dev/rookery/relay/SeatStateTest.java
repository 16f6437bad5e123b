package dev.rookery.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.bus.Bus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
final class SeatStateTest {
  private static Relay relay;

  private final SeatState state = new SeatState();

  @BeforeAll
  static void start(Vertx vertx) {
    var meters = new SimpleMeterRegistry();
    relay = new Relay(vertx, new Bus(vertx, meters), meters, "here");
  }

  private static LocalSeat localSeat() {
    return new LocalSeat(relay, new Room("room"), 0, null);
  }

  private static RemoteSeat remoteSeat(long claim) {
    return new RemoteSeat((_, _) -> {}, "there", claim);
  }

  @Test
  void theLaterClaimWinsInEitherOrder() {
    var earlier = remoteSeat(4);
    var later = remoteSeat(9);
    state.take(later, 9);
    state.take(earlier, 4);

    assertThat(state.occupant()).isSameAs(later);
  }

  @Test
  void aLocalRequestOccupiesTheSeatBeforeItIsGranted() {
    var requesting = localSeat();
    state.take(remoteSeat(4), 4);
    state.request(requesting);

    assertThat(state.occupant()).isSameAs(requesting);
  }

  @Test
  void aRequestThatLostTheRaceDoesNotOccupyTheSeat() {
    var slow = localSeat();
    var later = remoteSeat(9);
    state.request(slow);
    state.take(later, 9);
    state.take(slow, 8);

    assertThat(state.occupant()).isSameAs(later);
  }

  @Test
  void aReleasedSeatDoesNotReturnToTheEarlierOccupant() {
    var previous = localSeat();
    state.take(previous, 1);
    state.take(remoteSeat(2), 2);
    state.releaseRemote(2);

    assertThat(state.occupant()).isNull();
  }

  @Test
  void releasingFreesOnlyASeatThatIsStillHeld() {
    var previous = localSeat();
    var next = localSeat();
    state.take(previous, 1);
    state.take(next, 2);
    state.release(previous);
    assertThat(state.occupant()).isSameAs(next);

    state.releaseRemote(1);
    state.release(next);
    assertThat(state.occupant()).isNull();
  }

  @Test
  void anOlderMessageOfARemotePlayerIsNotNewer() {
    var player = remoteSeat(1);

    assertThat(player.isNewer(1)).isTrue();
    assertThat(player.isNewer(3)).isTrue();
    assertThat(player.isNewer(2)).isFalse();
    assertThat(player.isNewer(3)).isFalse();
  }
}
