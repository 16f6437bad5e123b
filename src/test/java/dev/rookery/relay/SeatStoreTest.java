package dev.rookery.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.relay.RelayCommand.Claim;
import dev.rookery.relay.RelayCommand.Seated;
import dev.rookery.testkit.TestMember;
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
    return new SeatStore(store.database(), node);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whoComesSecondFindsTheFirst(TestStore store) {
    Seated first = at(store, "a").sit(FIRST);
    Seated second = at(store, "b").sit(SECOND);

    assertThat(first.other()).isNull();
    assertThat(second.other()).isEqualTo(new Claim(FIRST, first.claim(), "a"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whoTakesASeatOverLearnsFromWhom(TestStore store) {
    Seated before = at(store, "a").sit(FIRST);
    Seated after = at(store, "b").sit(FIRST);

    assertThat(before.before()).isNull();
    assertThat(after.before()).isEqualTo("a");
    assertThat(after.claim()).isGreaterThan(before.claim());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void oneCanFreeOnlyWhatIsStillHis(TestStore store) {
    long before = at(store, "a").sit(FIRST).claim();
    long after = at(store, "b").sit(FIRST).claim();
    at(store, "a").free(List.of(before));
    assertThat(at(store, "a").after(store.database(), 0, 10))
        .containsExactly(new Claim(FIRST, after, "b"));

    at(store, "b").free(List.of(after, before));
    assertThat(at(store, "a").after(store.database(), 0, 10)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void claimsCanBeReadFromWhereOneStopped(TestStore store) {
    long first = at(store, "a").sit(FIRST).claim();
    long second = at(store, "a").sit(SECOND).claim();

    assertThat(at(store, "b").after(store.database(), first, 10))
        .containsExactly(new Claim(SECOND, second, "a"));
    assertThat(at(store, "b").last(store.database())).isEqualTo(second);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whatAnEarlierRunOrADeadNodeLeftIsForgotten(TestStore store) {
    TestMember.join(store, "alive");
    TestMember.join(store, "dead").membership().leave();
    at(store, "alive").sit(FIRST);
    at(store, "dead").sit(SECOND);
    at(store, "unknown").sit(new Seat("other", 0));

    at(store, "alive").clearDead();
    assertThat(at(store, "alive").after(store.database(), 0, 10))
        .extracting(Claim::node)
        .containsExactly("alive");

    at(store, "alive").begin();
    assertThat(at(store, "alive").after(store.database(), 0, 10)).isEmpty();
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
          .extracting(Claim::claim)
          .containsExactly(latest);
    }
  }
}
