package dev.rookery.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LeasesTest {
  private final AtomicLong nanos = new AtomicLong(7);

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whatOneHoldsAnotherCannotTake(TestStore store) {
    Leases ann = leases(store, "ann");
    Leases bob = leases(store, "bob");

    Lease lease = ann.take("match/1").orElseThrow();

    assertThat(bob.take("match/1")).isEmpty();
    assertThat(ann.take("match/1")).contains(lease);
    assertThat(ann.owned()).containsExactly(lease);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aSilentNodeIsSucceededInALaterEpoch(TestStore store) {
    Leases ann = leases(store, "ann");
    Leases bob = leases(store, "bob");
    Lease first = ann.take("match/1").orElseThrow();

    pass(Leases.SILENT_MAX.plusMillis(1));
    bob.beat();

    assertThat(bob.orphans(10)).containsExactly("match/1");
    assertThat(bob.take("match/1").orElseThrow().epoch()).isGreaterThan(first.epoch());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aNodeThatBeatsIsNotSucceeded(TestStore store) {
    Leases ann = leases(store, "ann");
    Leases bob = leases(store, "bob");
    assertThat(ann.take("match/1")).isPresent();

    for (int second = 0; second < 10; second++) {
      pass(Duration.ofSeconds(1));
      ann.beat();
      bob.beat();
    }

    assertThat(bob.take("match/1")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aPausedOwnerLearnsThatItLostAndCannotWrite(TestStore store) {
    Leases ann = leases(store, "ann");
    Leases bob = leases(store, "bob");
    Lease stale = ann.take("match/1").orElseThrow();
    store.database().write(tx -> fenced(tx, stale));
    pass(Leases.SILENT_MAX.plusMillis(1));
    bob.beat();
    Lease now = bob.take("match/1").orElseThrow();

    assertThatThrownBy(() -> store.database().write(tx -> fenced(tx, stale)))
        .isInstanceOf(Refused.class)
        .hasMessage("not_owner");
    assertThat(ann.beat()).isFalse();
    assertThat(ann.beat()).isTrue();
    assertThat(ann.owned()).isEmpty();
    store.database().write(tx -> fenced(tx, now));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whoLeavesInOrderIsSucceededAtOnce(TestStore store) {
    Leases ann = leases(store, "ann");
    Leases bob = leases(store, "bob");
    assertThat(ann.take("match/1")).isPresent();

    ann.leave();

    assertThat(bob.take("match/1")).isPresent();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aLeaseIsHandedToANodeThatLivesAndToNoOther(TestStore store) {
    Leases ann = leases(store, "ann");
    Leases bob = leases(store, "bob");
    Lease lease = ann.take("match/1").orElseThrow();

    assertThat(ann.handOver(lease, "nobody")).isEmpty();
    Lease next = ann.handOver(lease, "bob").orElseThrow();

    assertThat(bob.owned()).containsExactly(next);
    assertThat(ann.handOver(lease, "bob")).isEmpty();
    assertThatThrownBy(() -> store.database().write(tx -> fenced(tx, lease)))
        .hasMessage("not_owner");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whatEndedLeavesNothingBehind(TestStore store) {
    Leases ann = leases(store, "ann");
    Lease lease = ann.take("match/1").orElseThrow();

    ann.end(lease);

    assertThat(ann.owned()).isEmpty();
    assertThat(ann.orphans(10)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void ofManyWhoTakeAtOnceOneSucceeds(TestStore store) throws Exception {
    int takers = 16;
    var together = new CyclicBarrier(takers);
    List<Callable<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < takers; i++) {
      Leases one = leases(store, "node-" + i);
      attempts.add(
          () -> {
            together.await();
            return one.take("match/1").isPresent();
          });
    }

    int taken = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var attempt : threads.invokeAll(attempts)) {
        taken += attempt.get() ? 1 : 0;
      }
    }

    assertThat(taken).isEqualTo(1);
  }

  private static int fenced(dev.rookery.store.Transaction tx, Lease lease) {
    Leases.fence(tx, lease);
    return 0;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private Leases leases(TestStore store, String node) {
    var leases = new Leases(store.database(), node, nanos::get);
    leases.beat();
    return leases;
  }
}
