package dev.rookery.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.relay.RelayCommand.SeatClaim;
import dev.rookery.relay.RelayCommand.SeatGrant;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
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

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void theSecondPlayerSeesTheFirst(TestStore store) {
    SeatGrant first = at(store, "a").takeSeat(FIRST);
    SeatGrant second = at(store, "b").takeSeat(SECOND);

    assertThat(first.otherClaim()).isNull();
    assertThat(second.otherClaim()).isEqualTo(new SeatClaim(FIRST, first.claim(), "a"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void takingOverASeatReturnsThePreviousNode(TestStore store) {
    SeatGrant before = at(store, "a").takeSeat(FIRST);
    SeatGrant after = at(store, "b").takeSeat(FIRST);

    assertThat(before.previousNode()).isNull();
    assertThat(after.previousNode()).isEqualTo("a");
    assertThat(after.claim()).isGreaterThan(before.claim());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void freeReleasesOnlyCurrentClaims(TestStore store) {
    SeatStore a = at(store, "a");
    SeatStore b = at(store, "b");
    long before = a.takeSeat(FIRST).claim();
    long after = b.takeSeat(FIRST).claim();
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
    long first = a.takeSeat(FIRST).claim();
    long second = a.takeSeat(SECOND).claim();

    assertThat(at(store, "b").claimsAfter(store.database(), first, 10))
        .containsExactly(new SeatClaim(SECOND, second, "a"));
    assertThat(a.lastClaim(store.database())).isEqualTo(second);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void seatsOfEndedRunsAreIgnored(TestStore store) {
    SeatStore alive = at(store, "alive");
    var dying = TestClusterMember.join(store, "dead");
    alive.takeSeat(FIRST);
    at(store, "dead", dying).takeSeat(SECOND);
    dying.membership().leave();

    assertThat(all(store)).containsExactly("alive");
    alive.deleteDeadRuns();
    assertThat(alive.takeSeat(FIRST).previousNode()).isEqualTo("alive");
    assertThat(alive.takeSeat(SECOND).previousNode()).isNull();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void seatsOfEarlierRunsOfANodeAreIgnored(TestStore store) {
    var before = TestClusterMember.join(store, "again");
    at(store, "again", before).takeSeat(FIRST);
    SeatStore after = at(store, "again");

    assertThat(at(store, "other").takeSeat(SECOND).otherClaim()).isNull();
    assertThat(all(store)).containsExactly("other");
    Seat next = new Seat("next", 0);
    after.takeSeat(next);
    after.deleteEarlierRuns();
    assertThat(after.takeSeat(FIRST).previousNode()).isNull();
    assertThat(after.takeSeat(next).previousNode()).isEqualTo("again");
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
              .mapToObj(node -> threads.submit(() -> at(store, "n" + node).takeSeat(FIRST).claim()))
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
