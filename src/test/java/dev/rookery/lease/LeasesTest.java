package dev.rookery.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.cluster.Heartbeat;
import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.cluster.LocalNode;
import dev.rookery.cluster.Member;
import dev.rookery.cluster.Membership;
import dev.rookery.cluster.MembershipListener;
import dev.rookery.store.Transaction;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LeasesTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";

  private final AtomicLong nanos = new AtomicLong(7);

  @ParameterizedTest
  @MethodSource(ALL)
  void refusesLeaseThatAnotherNodeHolds(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");

    Lease lease = ann.leases().acquire("match/1").orElseThrow();

    assertThat(bob.leases().acquire("match/1")).isEmpty();
    assertThat(bob.leases().findOwner("match/1")).contains(ann.run());
    assertThat(ann.leases().acquire("match/1")).contains(lease);
    assertThat(ann.leases().findOwned("match")).containsExactly(lease);
    assertThat(ann.leases().findOwned("matches")).isEmpty();
    assertThat(bob.leases().findOrphans("match", 10)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void acquiresLeaseOfSilentNodeInLaterEpoch(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    Lease first = ann.leases().acquire("match/1").orElseThrow();

    declareOthersDead(bob);

    assertThat(bob.leases().findOrphans("match", 10)).containsExactly("match/1");
    assertThat(bob.leases().findOwner("match/1")).isEmpty();
    assertThat(bob.leases().acquire("match/1").orElseThrow().epoch()).isGreaterThan(first.epoch());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void fencesPausedOwner(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var handler = new RecordingHandler();
    ann.leases().registerHandler("match", handler, Runnable::run);
    Lease stale = ann.leases().acquire("match/1").orElseThrow();
    store.database().write(tx -> fenced(tx, stale));
    declareOthersDead(bob);
    Lease now = bob.leases().acquire("match/1").orElseThrow();

    assertThat(ann.leases().isValid(stale)).isFalse();
    assertThatThrownBy(() -> store.database().write(tx -> fenced(tx, stale)))
        .isInstanceOf(Refused.class)
        .hasMessage("not_owner");
    // Its run has ended, so it can acquire nothing either.
    assertThat(ann.leases().acquire("match/2")).isEmpty();
    ann.heartbeat();

    assertThat(handler.lost).containsExactly(stale);
    assertThat(ann.leases().findOwned("match")).isEmpty();
    assertThat(ann.leases().heldCount()).isZero();
    assertThat(ann.leases().isValid(ann.leases().acquire("match/2").orElseThrow())).isTrue();
    store.database().write(tx -> fenced(tx, now));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersNothingForLostLeaseBeforeItsHandlerKnows(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var handler = new RecordingHandler();
    var later = new ArrayDeque<Runnable>();
    ann.leases().registerHandler("match", handler, later::add);
    Lease stale = ann.leases().acquire("match/1").orElseThrow();
    assertThat(ann.leases().isValid(stale)).isTrue();
    declareOthersDead(bob);
    assertThat(bob.leases().acquire("match/1")).isPresent();

    ann.heartbeat();

    assertThat(ann.membership().isConfirmedAlive()).as("with its new run").isTrue();
    assertThat(handler.lost).as("the handler was not called yet").isEmpty();
    assertThat(ann.leases().isValid(stale)).isFalse();
    assertThat(ann.leases().isLost(stale)).isTrue();
    later.forEach(Runnable::run);
    assertThat(handler.lost).containsExactly(stale);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void claimsJobOnlyWhileNoOtherNodeCanRunIt(TestStore store) {
    var ann = member(store, "ann");
    ClusterSingleton job =
        ann.scheduler().schedulePaced("count", Duration.ofHours(1), _ -> Duration.ofHours(1));
    Eventually.holds(job::isOwned);
    assertThat(claims(ann)).isEqualTo(1);

    pass(HeartbeatSettings.DEFAULT.timeout());

    assertThat(job.isHeld()).as("as far as it knows").isTrue();
    assertThat(job.isOwned()).isFalse();
    assertThat(claims(ann)).isZero();
    ann.heartbeat();
    assertThat(claims(ann)).isEqualTo(1);
    ann.close();
  }

  private static double claims(TestClusterMember member) {
    return member.meters().get("rookery.duties.held").tag("duty", "count").gauge().value();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void fencesLivingNodeAtOnce(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var handler = new RecordingHandler();
    ann.leases().registerHandler("match", handler, Runnable::run);
    var ended = new AtomicInteger();
    ann.membership()
        .addListener(
            new MembershipListener() {
              @Override
              public void onRunLost(long before, long now) {
                assertThat(ann.leases().acquire("match/1")).as("with its new run").isEmpty();
              }

              @Override
              public void onFenced() {
                ended.incrementAndGet();
              }
            });
    Lease lease = ann.leases().acquire("match/1").orElseThrow();
    long run = ann.run();

    assertThat(fence(store, run)).isTrue();
    assertThat(fence(store, run)).as("it ends one time").isFalse();

    assertThatThrownBy(() -> store.database().write(tx -> fenced(tx, lease)))
        .as("nobody has acquired it yet")
        .hasMessage("not_owner");
    ann.heartbeat();
    assertThat(ended).hasValue(1);
    assertThat(handler.lost).containsExactly(lease);
    assertThat(ann.run()).isGreaterThan(run);
    ann.heartbeat();
    assertThat(ended).hasValue(1);
    assertThat(ann.leases().acquire("match/1")).isEmpty();
    assertThat(ann.leases().canServe("match/1")).isFalse();
    assertThat(bob.leases().acquire("match/1").orElseThrow().epoch()).isEqualTo(2);
    assertThatThrownBy(() -> fence(store, bob.run()))
        .as("the fenced node does not stay")
        .hasMessage("last_node");
    assertThat(bob.leases().findOwner("match/1")).contains(bob.run());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void leavesOneOfTwoNodesThatFenceEachOther(TestStore store) throws Exception {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var barrier = new CyclicBarrier(2);
    List<Callable<String>> attempts = new ArrayList<>();
    for (long run : List.of(ann.run(), bob.run())) {
      attempts.add(
          () -> {
            barrier.await();
            try {
              return fence(store, run) ? "fenced" : "ended";
            } catch (Refused refused) {
              return refused.refusal().code();
            }
          });
    }

    List<String> outcomes = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var attempt : threads.invokeAll(attempts)) {
        outcomes.add(attempt.get());
      }
    }

    assertThat(outcomes).containsExactlyInAnyOrder("fenced", "last_node");
    assertThat(ann.membership().members()).filteredOn(Member::alive).hasSize(1);
  }

  private static boolean fence(TestStore store, long run) {
    return store
        .database()
        .write(
            tx -> {
              boolean ended = Membership.fence(tx, run);
              Leases.releaseAll(tx, run);
              return ended;
            });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void freesLeasesOfNodeThatLeaves(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var handler = new RecordingHandler();
    ann.leases().registerHandler("match", handler, Runnable::run);
    assertThat(ann.leases().acquire("match/1")).isPresent();

    ann.leases().shutDown();
    ann.membership().leave();

    assertThat(handler.shutDown).isTrue();
    assertThat(bob.leases().acquire("match/1")).isPresent();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void offersOrphanedLeasesToHandlersOfTheirKind(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var late = new RecordingHandler();
    var early = new RecordingHandler();
    bob.leases().registerHandler("match", early, Runnable::run);
    assertThat(ann.leases().acquire("match/1")).isPresent();
    assertThat(ann.leases().acquire("pool/1")).isPresent();

    declareOthersDead(bob);
    bob.leases().registerHandler("pool", late, Runnable::run);

    assertThat(early.orphans).containsExactly("match/1");
    assertThat(late.orphans).containsExactly("pool/1");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void offersUnclaimedLeasesAgain(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var handler = new RecordingHandler();
    bob.leases().registerHandler("match", handler, Runnable::run);
    Lease lease = ann.leases().acquire("match/1").orElseThrow();
    ann.leases().release(lease);
    bob.heartbeat();
    assertThat(handler.orphans).isEmpty();

    for (int second = 0; second < 6; second++) {
      pass(Duration.ofSeconds(1));
      ann.heartbeat();
      bob.heartbeat();
    }

    assertThat(handler.orphans).containsExactly("match/1");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void transfersLeaseOnlyToLivingRun(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    Lease lease = ann.leases().acquire("match/1").orElseThrow();

    assertThat(ann.leases().transfer(lease, 99)).isEmpty();
    Lease next = ann.leases().transfer(lease, bob.run()).orElseThrow();

    assertThat(bob.leases().findOwned("match")).containsExactly(next);
    assertThat(ann.leases().heldCount()).isZero();
    assertThat(ann.leases().transfer(lease, bob.run())).isEmpty();
    assertThatThrownBy(() -> store.database().write(tx -> fenced(tx, lease)))
        .hasMessage("not_owner");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void offersTransferredLeaseUntilItIsTaken(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    var handler = new MovableHandler();
    bob.leases().registerHandler("match", handler, Runnable::run);
    Lease lease = ann.leases().acquire("match/1").orElseThrow();
    Lease next = ann.leases().transfer(lease, bob.run()).orElseThrow();

    bob.leases().offerSoon();
    bob.leases().offerSoon();
    assertThat(handler.orphans).containsExactly("match/1", "match/1");
    assertThat(bob.leases().acquire("match/1")).contains(next);
    bob.leases().offerSoon();

    assertThat(handler.orphans).hasSize(2);
    assertThat(bob.leases().findOwned("match")).containsExactly(next);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void saysThatATransferredLeaseIsNotTakenYet(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    ann.leases().registerHandler("match", new MovableHandler(), Runnable::run);
    bob.leases().registerHandler("match", new MovableHandler(), Runnable::run);
    Lease lease = ann.leases().acquire("match/1").orElseThrow();
    assertThat(ann.leases().transfer(lease, bob.run())).isPresent();

    assertThat(bob.leases().handOver("match/1", ann.run())).isEqualTo(HandoverResult.NOT_ACQUIRED);
    assertThat(ann.leases().handOver("match/1", bob.run())).isEqualTo(HandoverResult.NOT_OWNER);
    assertThat(bob.leases().handOver("match/2", ann.run())).isEqualTo(HandoverResult.NOT_OWNER);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void freesTransferredLeaseThatIsNotTaken(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    bob.leases().registerHandler("match", new MovableHandler(), Runnable::run);
    Lease lease = ann.leases().acquire("match/1").orElseThrow();
    assertThat(ann.leases().transfer(lease, bob.run())).isPresent();
    bob.leases().offerSoon();
    assertThat(ann.leases().acquire("match/1")).isEmpty();

    store.clock().advance(Duration.ofSeconds(31));
    bob.leases().offerSoon();

    assertThat(ann.leases().acquire("match/1").orElseThrow().epoch()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void handsJobOverToAnotherNode(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    List<String> runs = new CopyOnWriteArrayList<>();
    ann.scheduler().schedule("count", Duration.ofHours(1), _ -> runs.add("ann"));
    Eventually.holds(() -> runs.contains("ann"));
    bob.scheduler().schedule("count", Duration.ofHours(1), _ -> runs.add("bob"));

    assertThat(ann.leases().handOver("duty/count", 99)).isEqualTo(HandoverResult.TARGET_GONE);
    assertThat(bob.leases().handOver("duty/count", ann.run())).isEqualTo(HandoverResult.NOT_OWNER);
    assertThat(ann.leases().handOver("other/1", bob.run())).isEqualTo(HandoverResult.NOT_MOVABLE);
    assertThat(ann.leases().handOver("duty/count", bob.run())).isEqualTo(HandoverResult.DONE);
    bob.leases().offerSoon();

    Eventually.holds(() -> runs.equals(List.of("ann", "bob")));
    assertThat(ann.leases().handOver("duty/count", bob.run())).isEqualTo(HandoverResult.NOT_OWNER);
    ann.close();
    bob.close();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void acquiresReleasedLeaseInLaterEpoch(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    Lease lease = ann.leases().acquire("match/1").orElseThrow();

    ann.leases().release(lease);

    assertThat(bob.leases().findOrphans("match", 10)).containsExactly("match/1");
    assertThat(bob.leases().acquire("match/1").orElseThrow().epoch()).isGreaterThan(lease.epoch());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void deletesLease(TestStore store) {
    var ann = member(store, "ann");
    Lease lease = ann.leases().acquire("match/1").orElseThrow();

    ann.leases().delete(lease);

    assertThat(ann.leases().findOwned("match")).isEmpty();
    assertThat(ann.leases().findOrphans("match", 10)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void grantsLeaseToOneOfManyConcurrentCallers(TestStore store) throws Exception {
    int callers = 16;
    var barrier = new CyclicBarrier(callers);
    List<Callable<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      Leases one = member(store, "node-" + i).leases();
      attempts.add(
          () -> {
            barrier.await();
            return one.acquire("match/1").isPresent();
          });
    }

    int acquired = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var attempt : threads.invokeAll(attempts)) {
        acquired += attempt.get() ? 1 : 0;
      }
    }

    assertThat(acquired).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void runsJobOnAnotherNodeWhenItsOwnerDies(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    List<String> runs = new CopyOnWriteArrayList<>();
    ann.scheduler()
        .schedule("count", Duration.ofMillis(1), lease -> recordRun(runs, "ann", lease, store));
    Eventually.holds(() -> runs.contains("ann"));
    bob.scheduler()
        .schedule("count", Duration.ofMillis(1), lease -> recordRun(runs, "bob", lease, store));
    int before = runs.size();
    Eventually.holds(() -> runs.size() > before + 20);
    assertThat(runs).doesNotContain("bob");

    declareOthersDead(bob);
    Eventually.holds(() -> runs.contains("bob"));
    int first = runs.indexOf("bob");
    Eventually.holds(() -> runs.size() > first + 20);

    assertThat(List.copyOf(runs).subList(first, first + 20))
        .as("the fence holds")
        .doesNotContain("ann");
    ann.close();
    bob.close();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void runsJobOnAnotherNodeWhenItsOwnerLeaves(TestStore store) {
    var ann = member(store, "ann");
    var bob = member(store, "bob");
    List<String> runs = new CopyOnWriteArrayList<>();
    ann.scheduler().schedule("count", Duration.ofHours(1), _ -> runs.add("ann"));
    Eventually.holds(() -> runs.contains("ann"));
    bob.scheduler().schedule("count", Duration.ofHours(1), _ -> runs.add("bob"));

    ann.scheduler().close();
    ann.membership().leave();
    bob.heartbeat();

    Eventually.holds(() -> runs.equals(List.of("ann", "bob")));
    bob.close();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void runsJobAgainAfterAnError(TestStore store) {
    var ann = member(store, "ann");
    List<Integer> tries = new CopyOnWriteArrayList<>();
    ann.scheduler()
        .schedule(
            "break",
            Duration.ofMillis(1),
            _ -> {
              tries.add(tries.size());
              throw new StackOverflowError();
            });

    Eventually.holds(() -> tries.size() > 3);
    ann.close();
  }

  @Test
  void heartbeatsGoOnAfterAnError() {
    try (var store = TestStore.open(Databases.postgres())) {
      var broken = new AtomicInteger();
      var localNode =
          new LocalNode(
              "ann",
              "test",
              false,
              null,
              () -> {
                if (broken.incrementAndGet() < 3) {
                  throw new NoClassDefFoundError("any");
                }
                return 0;
              },
              () -> 0,
              store.store()::publishedUpTo);
      var membership =
          Membership.join(
              store.store().heartbeatDatabase(),
              localNode,
              new HeartbeatSettings(Duration.ofMillis(50), Duration.ofSeconds(3)),
              store.clock().instant(),
              System::nanoTime);
      try (var heartbeat = Heartbeat.start(membership)) {
        Eventually.holds(() -> broken.get() > 5);
        assertThat(heartbeat.thread().isAlive()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void retriesFailedJob(TestStore store) {
    var ann = member(store, "ann");
    List<Integer> tries = new CopyOnWriteArrayList<>();
    ann.scheduler()
        .schedule(
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

  private static void recordRun(List<String> all, String node, Lease lease, TestStore store) {
    store.database().write(tx -> fenced(tx, lease));
    all.add(node);
  }

  private static int fenced(Transaction tx, Lease lease) {
    Leases.fence(tx, lease);
    return 0;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** All members but this one are silent until it declares them dead. */
  private void declareOthersDead(TestClusterMember alive) {
    Duration beat = HeartbeatSettings.DEFAULT.interval();
    alive.heartbeat();
    for (Duration silent = beat.negated();
        silent.compareTo(HeartbeatSettings.DEFAULT.timeout()) <= 0;
        silent = silent.plus(beat)) {
      pass(beat);
      alive.heartbeat();
    }
  }

  private TestClusterMember member(TestStore store, String node) {
    var member = TestClusterMember.join(store, node, nanos::get);
    member.heartbeat();
    return member;
  }

  private static class RecordingHandler implements FailoverHandler {
    final List<String> orphans = new CopyOnWriteArrayList<>();
    private final List<Lease> lost = new CopyOnWriteArrayList<>();
    private boolean shutDown;

    @Override
    public void onOrphaned(String name) {
      orphans.add(name);
    }

    @Override
    public void onLost(Lease lease) {
      lost.add(lease);
    }

    @Override
    public void onShutdown() {
      shutDown = true;
    }
  }

  private static final class MovableHandler extends RecordingHandler {
    @Override
    public boolean isMovable() {
      return true;
    }

    /** It has taken none. */
    @Override
    public HandoverResult handOver(String name, long toRun) {
      return HandoverResult.NOT_OWNER;
    }
  }
}
