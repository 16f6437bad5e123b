package dev.rookery.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.relay.RelayCommand.SeatClaim;
import dev.rookery.relay.RelayCommand.SeatGrant;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SeatStoreTest {
  private static final Seat FIRST = new Seat("room", 0);
  private static final Seat SECOND = new Seat("room", 1);

  private static SeatStore at(TestStore store, String node) {
    return at(store, node, TestClusterMember.join(store, node));
  }

  private static SeatStore at(TestStore store, String node, TestClusterMember member) {
    return new SeatStore(store.database(), node, member::run);
  }

  /** Takes one seat, and again if another node took it concurrently. */
  private static SeatGrant take(SeatStore store, Seat seat) {
    while (true) {
      var outcome = store.takeSeats(List.of(new RelayCommand.Sit(seat)), false).getFirst();
      if (outcome instanceof Outcome.Done<SeatGrant>(var grant)) {
        return grant;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void seatsOfABatchAreTakenTogether(TestStore store) {
    SeatStore a = at(store, "a");
    SeatStore b = at(store, "b");
    Seat third = new Seat("other", 1);
    long before = take(a, FIRST).claim();

    List<SeatGrant> grants =
        b
            .takeSeats(Stream.of(FIRST, SECOND, third).map(RelayCommand.Sit::new).toList(), false)
            .stream()
            .map(outcome -> ((Outcome.Done<SeatGrant>) outcome).result())
            .toList();

    assertThat(grants).extracting(SeatGrant::previousNode).containsExactly("a", null, null);
    assertThat(grants).extracting(SeatGrant::claim).allMatch(claim -> claim > before);
    assertThat(grants.get(1).otherClaim())
        .isEqualTo(new SeatClaim(FIRST, grants.getFirst().claim(), "b"));
    assertThat(grants.get(2).otherClaim()).isNull();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void theSecondPlayerSeesTheFirst(TestStore store) {
    SeatGrant first = take(at(store, "a"), FIRST);
    SeatGrant second = take(at(store, "b"), SECOND);

    assertThat(first.otherClaim()).isNull();
    assertThat(second.otherClaim()).isEqualTo(new SeatClaim(FIRST, first.claim(), "a"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void takingOverASeatReturnsThePreviousNode(TestStore store) {
    SeatGrant before = take(at(store, "a"), FIRST);
    SeatGrant after = take(at(store, "b"), FIRST);

    assertThat(before.previousNode()).isNull();
    assertThat(after.previousNode()).isEqualTo("a");
    assertThat(after.claim()).isGreaterThan(before.claim());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void freeReleasesOnlyCurrentClaims(TestStore store) {
    SeatStore a = at(store, "a");
    SeatStore b = at(store, "b");
    long before = take(a, FIRST).claim();
    long after = take(b, FIRST).claim();
    a.free(List.of(before));
    assertThat(a.claimsAfter(store.database(), 0, 10))
        .containsExactly(new SeatClaim(FIRST, after, "b"));

    b.free(List.of(after, before));
    assertThat(a.claimsAfter(store.database(), 0, 10)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void claimsAreReadAfterAGivenOne(TestStore store) {
    SeatStore a = at(store, "a");
    long first = take(a, FIRST).claim();
    long second = take(a, SECOND).claim();

    assertThat(at(store, "b").claimsAfter(store.database(), first, 10))
        .containsExactly(new SeatClaim(SECOND, second, "a"));
    assertThat(a.lastClaim(store.database())).isEqualTo(second);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void seatsOfEndedRunsAreIgnored(TestStore store) {
    SeatStore alive = at(store, "alive");
    var dying = TestClusterMember.join(store, "dead");
    take(alive, FIRST);
    take(at(store, "dead", dying), SECOND);
    dying.membership().leave();

    assertThat(all(store)).containsExactly("alive");
    alive.deleteDeadRuns();
    assertThat(take(alive, FIRST).previousNode()).isEqualTo("alive");
    assertThat(take(alive, SECOND).previousNode()).isNull();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void seatsOfEarlierRunsOfANodeAreIgnored(TestStore store) {
    var before = TestClusterMember.join(store, "again");
    take(at(store, "again", before), FIRST);
    SeatStore after = at(store, "again");

    assertThat(take(at(store, "other"), SECOND).otherClaim()).isNull();
    assertThat(all(store)).containsExactly("other");
    Seat next = new Seat("next", 0);
    take(after, next);
    after.deleteEarlierRuns();
    assertThat(take(after, FIRST).previousNode()).isNull();
    assertThat(take(after, next).previousNode()).isEqualTo("again");
  }

  private static List<String> all(TestStore store) {
    return at(store, "reader").claimsAfter(store.database(), 0, 10).stream()
        .map(SeatClaim::node)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void theLatestOfManyConcurrentClaimsHoldsTheSeat(TestStore store)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, 8)
              .mapToObj(node -> threads.submit(() -> take(at(store, "n" + node), FIRST).claim()))
              .toList();
      long latest = 0;
      for (var one : all) {
        latest = Math.max(latest, one.get());
      }

      assertThat(at(store, "x").claimsAfter(store.database(), 0, 10))
          .extracting(SeatClaim::claim)
          .containsExactly(latest);
    }
  }
}
