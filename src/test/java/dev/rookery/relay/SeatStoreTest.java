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
  void whoComesSecondFindsTheFirst(TestStore store) {
    SeatGrant first = at(store, "a").sit(FIRST);
    SeatGrant second = at(store, "b").sit(SECOND);

    assertThat(first.other()).isNull();
    assertThat(second.other()).isEqualTo(new SeatClaim(FIRST, first.claim(), "a"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whoTakesASeatOverLearnsFromWhom(TestStore store) {
    SeatGrant before = at(store, "a").sit(FIRST);
    SeatGrant after = at(store, "b").sit(FIRST);

    assertThat(before.before()).isNull();
    assertThat(after.before()).isEqualTo("a");
    assertThat(after.claim()).isGreaterThan(before.claim());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void oneCanFreeOnlyWhatIsStillHis(TestStore store) {
    SeatStore a = at(store, "a");
    SeatStore b = at(store, "b");
    long before = a.sit(FIRST).claim();
    long after = b.sit(FIRST).claim();
    a.free(List.of(before));
    assertThat(a.after(store.database(), 0, 10)).containsExactly(new SeatClaim(FIRST, after, "b"));

    b.free(List.of(after, before));
    assertThat(a.after(store.database(), 0, 10)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void claimsCanBeReadFromWhereOneStopped(TestStore store) {
    SeatStore a = at(store, "a");
    long first = a.sit(FIRST).claim();
    long second = a.sit(SECOND).claim();

    assertThat(at(store, "b").after(store.database(), first, 10))
        .containsExactly(new SeatClaim(SECOND, second, "a"));
    assertThat(a.last(store.database())).isEqualTo(second);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whatEndedRunsLeftIsForgotten(TestStore store) {
    SeatStore alive = at(store, "alive");
    var dying = TestClusterMember.join(store, "dead");
    alive.sit(FIRST);
    at(store, "dead", dying).sit(SECOND);
    dying.membership().leave();

    assertThat(all(store)).containsExactly("alive");
    alive.clearDead();
    assertThat(alive.sit(FIRST).before()).isEqualTo("alive");
    assertThat(alive.sit(SECOND).before()).isNull();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whoSatAtANodeBeforeItWasStartedAgainIsNotThereAnyMore(TestStore store) {
    var before = TestClusterMember.join(store, "again");
    at(store, "again", before).sit(FIRST);
    SeatStore after = at(store, "again");

    assertThat(at(store, "other").sit(SECOND).other()).isNull();
    assertThat(all(store)).containsExactly("other");
    Seat next = new Seat("next", 0);
    after.sit(next);
    after.begin();
    assertThat(after.sit(FIRST).before()).isNull();
    assertThat(after.sit(next).before()).isEqualTo("again");
  }

  private static List<String> all(TestStore store) {
    return at(store, "reader").after(store.database(), 0, 10).stream()
        .map(SeatClaim::node)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void ofManyWhoTakeOneSeatTheOneWithTheLatestClaimHasIt(TestStore store)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, 8)
              .mapToObj(node -> threads.submit(() -> at(store, "n" + node).sit(FIRST).claim()))
              .toList();
      long latest = 0;
      for (var one : all) {
        latest = Math.max(latest, one.get());
      }

      assertThat(at(store, "x").after(store.database(), 0, 10))
          .extracting(SeatClaim::claim)
          .containsExactly(latest);
    }
  }
}
