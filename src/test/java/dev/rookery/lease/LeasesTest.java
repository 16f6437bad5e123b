package dev.rookery.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.store.Transaction;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LeasesTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";

  private final AtomicLong nanos = new AtomicLong(7);

  @ParameterizedTest
  @MethodSource(ALL)
  void whatOneHoldsAnotherCannotTake(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");

    Lease lease = ann.leases().take("match/1").orElseThrow();

    assertThat(bob.leases().take("match/1")).isEmpty();
    assertThat(bob.leases().holder("match/1")).contains(ann.run());
    assertThat(ann.leases().take("match/1")).contains(lease);
    assertThat(ann.leases().owned("match")).containsExactly(lease);
    assertThat(ann.leases().owned("matches")).isEmpty();
    assertThat(bob.leases().orphans("match", 10)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aSilentNodeIsSucceededInALaterEpoch(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    Lease first = ann.leases().take("match/1").orElseThrow();

    silence(bob);

    assertThat(bob.leases().orphans("match", 10)).containsExactly("match/1");
    assertThat(bob.leases().holder("match/1")).isEmpty();
    assertThat(bob.leases().take("match/1").orElseThrow().epoch()).isGreaterThan(first.epoch());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aPausedOwnerLearnsThatItLostAndCannotWrite(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var heir = new RecordingHandler();
    ann.leases().serve("match", heir, Runnable::run);
    Lease stale = ann.leases().take("match/1").orElseThrow();
    store.database().write(tx -> fenced(tx, stale));
    silence(bob);
    Lease now = bob.leases().take("match/1").orElseThrow();

    assertThat(ann.leases().certain()).isFalse();
    assertThatThrownBy(() -> store.database().write(tx -> fenced(tx, stale)))
        .isInstanceOf(Refused.class)
        .hasMessage("not_owner");
    // It has no run that lives, so it can take nothing either.
    assertThat(ann.leases().take("match/2")).isEmpty();
    ann.beat();

    assertThat(heir.lost).containsExactly(stale);
    assertThat(ann.leases().certain()).isTrue();
    assertThat(ann.leases().owned("match")).isEmpty();
    assertThat(ann.leases().held()).isZero();
    assertThat(ann.leases().take("match/2")).isPresent();
    store.database().write(tx -> fenced(tx, now));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void whoLeavesInOrderIsSucceededAtOnce(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var heir = new RecordingHandler();
    ann.leases().serve("match", heir, Runnable::run);
    assertThat(ann.leases().take("match/1")).isPresent();

    ann.leases().leave();
    ann.membership().leave();

    assertThat(heir.left).isTrue();
    assertThat(bob.leases().take("match/1")).isPresent();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void heirsAreOfferedWhatIsOrphanedOfTheirKind(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var late = new RecordingHandler();
    var early = new RecordingHandler();
    bob.leases().serve("match", early, Runnable::run);
    assertThat(ann.leases().take("match/1")).isPresent();
    assertThat(ann.leases().take("pool/1")).isPresent();

    silence(bob);
    bob.leases().serve("pool", late, Runnable::run);

    assertThat(early.orphans).containsExactly("match/1");
    assertThat(late.orphans).containsExactly("pool/1");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void whatNobodyTookIsOfferedAgainAfterAWhile(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var heir = new RecordingHandler();
    bob.leases().serve("match", heir, Runnable::run);
    Lease lease = ann.leases().take("match/1").orElseThrow();
    ann.leases().release(lease);
    bob.beat();
    assertThat(heir.orphans).isEmpty();

    for (int second = 0; second < 6; second++) {
      pass(Duration.ofSeconds(1));
      ann.beat();
      bob.beat();
    }

    assertThat(heir.orphans).containsExactly("match/1");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aLeaseIsHandedToARunThatLivesAndToNoOther(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    Lease lease = ann.leases().take("match/1").orElseThrow();

    assertThat(ann.leases().handOver(lease, 99)).isEmpty();
    Lease next = ann.leases().handOver(lease, bob.run()).orElseThrow();

    assertThat(bob.leases().owned("match")).containsExactly(next);
    assertThat(ann.leases().held()).isZero();
    assertThat(ann.leases().handOver(lease, bob.run())).isEmpty();
    assertThatThrownBy(() -> store.database().write(tx -> fenced(tx, lease)))
        .hasMessage("not_owner");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void whatIsReleasedAnybodyTakesInALaterEpoch(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    Lease lease = ann.leases().take("match/1").orElseThrow();

    ann.leases().release(lease);

    assertThat(bob.leases().orphans("match", 10)).containsExactly("match/1");
    assertThat(bob.leases().take("match/1").orElseThrow().epoch()).isGreaterThan(lease.epoch());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void whatEndedLeavesNothingBehind(TestStore store) {
    var ann = member(store, "ann");
    Lease lease = ann.leases().take("match/1").orElseThrow();

    ann.leases().end(lease);

    assertThat(ann.leases().owned("match")).isEmpty();
    assertThat(ann.leases().orphans("match", 10)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ofManyWhoTakeAtOnceOneSucceeds(TestStore store) throws Exception {
    int takers = 16;
    var together = new CyclicBarrier(takers);
    List<Callable<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < takers; i++) {
      Leases one = member(store, "node-" + i).leases();
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

  @ParameterizedTest
  @MethodSource(ALL)
  void aDutyIsDoneByOneAndByTheNextWhenThatOneDies(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    List<String> done = new CopyOnWriteArrayList<>();
    ann.duties().every("count", Duration.ofMillis(1), lease -> done(done, "ann", lease, store));
    Eventually.holds(() -> done.contains("ann"));
    bob.duties().every("count", Duration.ofMillis(1), lease -> done(done, "bob", lease, store));
    int before = done.size();
    Eventually.holds(() -> done.size() > before + 20);
    assertThat(done).doesNotContain("bob");

    silence(bob);
    Eventually.holds(() -> done.contains("bob"));
    int first = done.indexOf("bob");
    Eventually.holds(() -> done.size() > first + 20);

    assertThat(List.copyOf(done).subList(first, first + 20))
        .as("the fence holds")
        .doesNotContain("ann");
    ann.close();
    bob.close();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aDutyPassesToAnotherNodeWhenItsOwnLeaves(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    List<String> done = new CopyOnWriteArrayList<>();
    ann.duties().every("count", Duration.ofHours(1), _ -> done.add("ann"));
    Eventually.holds(() -> done.contains("ann"));
    bob.duties().every("count", Duration.ofHours(1), _ -> done.add("bob"));

    ann.duties().close();
    ann.membership().leave();
    bob.beat();

    Eventually.holds(() -> done.equals(List.of("ann", "bob")));
    bob.close();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aDutyThatFailsIsTriedAgain(TestStore store) {
    var ann = member(store, "ann");
    List<Integer> tries = new CopyOnWriteArrayList<>();
    ann.duties()
        .every(
            "fail",
            Duration.ofMillis(1),
            _ -> {
              tries.add(tries.size());
              throw Refused.conflict("not_now");
            });

    Eventually.holds(() -> tries.size() > 3);
    ann.close();
    assertThat(
            ann.meters()
                .get("rookery.duties")
                .tags("duty", "fail", "outcome", "failed")
                .timer()
                .count())
        .isGreaterThan(2);
  }

  private static void done(List<String> all, String who, Lease lease, TestStore store) {
    store.database().write(tx -> fenced(tx, lease));
    all.add(who);
  }

  private static int fenced(Transaction tx, Lease lease) {
    Leases.fence(tx, lease);
    return 0;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** Everybody but this member is silent for so long that it buries them. */
  private void silence(TestClusterMember alive) {
    Duration beat = HeartbeatSettings.DEFAULT.beat();
    alive.beat();
    for (Duration silent = beat.negated();
        silent.compareTo(HeartbeatSettings.DEFAULT.silenceMax()) <= 0;
        silent = silent.plus(beat)) {
      pass(beat);
      alive.beat();
    }
  }

  private TestClusterMember member(TestStore store, String node) {
    var member = TestClusterMember.join(store, node, nanos::get);
    member.beat();
    return member;
  }

  private static final class RecordingHandler implements FailoverHandler {
    private final List<String> orphans = new CopyOnWriteArrayList<>();
    private final List<Lease> lost = new CopyOnWriteArrayList<>();
    private boolean left;

    @Override
    public void orphaned(String name) {
      orphans.add(name);
    }

    @Override
    public void lost(Lease lease) {
      lost.add(lease);
    }

    @Override
    public void leaving() {
      left = true;
    }
  }
}
