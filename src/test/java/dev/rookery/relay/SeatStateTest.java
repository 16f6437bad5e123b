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

  private final SeatState place = new SeatState();

  @AfterAll
  static void close() {
    VERTX.close().await();
  }

  private static LocalSeat somebody() {
    return new LocalSeat(RELAY, new Room("room"), 0, null);
  }

  private static RemoteSeat elsewhere(long claim) {
    return new RemoteSeat((_, _) -> {}, "there", claim);
  }

  @Test
  void theLaterClaimHoldsInWhicheverOrderOneHearsOfThem() {
    var earlier = elsewhere(4);
    var later = elsewhere(9);
    place.take(later, 9);
    place.take(earlier, 4);

    assertThat(place.occupant()).isSameAs(later);
  }

  @Test
  void whoHasAskedIsReachedBeforeHeIsAnswered() {
    var asking = somebody();
    place.take(elsewhere(4), 4);
    place.request(asking);

    assertThat(place.occupant()).isSameAs(asking);
  }

  @Test
  void whoLostTheRaceForTheSeatIsNotReachedAnyMore() {
    var slow = somebody();
    var later = elsewhere(9);
    place.request(slow);
    place.take(later, 9);
    place.take(slow, 8);

    assertThat(place.occupant()).isSameAs(later);
  }

  @Test
  void theSeatOfOneWhoLeftDoesNotFallBackToTheOneBefore() {
    var before = somebody();
    place.take(before, 1);
    place.take(elsewhere(2), 2);
    place.releaseRemote(2);

    assertThat(place.occupant()).isNull();
  }

  @Test
  void leavingFreesOnlyWhatOneStillHolds() {
    var before = somebody();
    var after = somebody();
    place.take(before, 1);
    place.take(after, 2);
    place.release(before);
    assertThat(place.occupant()).isSameAs(after);

    place.releaseRemote(1);
    place.release(after);
    assertThat(place.occupant()).isNull();
  }

  @Test
  void anOldWordOfAPlayerElsewhereIsNoNews() {
    var player = elsewhere(1);

    assertThat(player.isNewer(1)).isTrue();
    assertThat(player.isNewer(3)).isTrue();
    assertThat(player.isNewer(2)).isFalse();
    assertThat(player.isNewer(3)).isFalse();
  }
}
