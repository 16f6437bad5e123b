package dev.rookery.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.bus.Bus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class SeatStateTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
  private static final Relay RELAY = new Relay(VERTX, new Bus(VERTX, METERS), METERS, "here");

  private final SeatState state = new SeatState();

  @AfterAll
  static void close() {
    VERTX.close().await();
  }

  private static LocalSeat localSeat() {
    return new LocalSeat(RELAY, new Room("room"), 0, null);
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
