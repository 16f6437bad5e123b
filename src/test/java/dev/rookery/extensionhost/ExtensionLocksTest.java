package dev.rookery.extensionhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.extension.LockTimeoutException;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests locks of extensions among the threads of a node and among nodes. */
final class ExtensionLocksTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Duration LONG = Duration.ofMinutes(1);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong(7);

  private ExtensionLocks locks(TestClusterMember member) {
    var locks = new ExtensionLocks(meters);
    locks.shareThrough(member.leases());
    return locks;
  }

  private TestClusterMember member(TestStore store, String node) {
    var member = TestClusterMember.join(store, node, nanos::get);
    member.heartbeat();
    return member;
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void oneThreadOfAllNodesRunsAtATime(TestStore store) throws Exception {
    try (var ann = member(store, "ann");
        var bob = member(store, "bob");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var nodes = List.of(locks(ann), locks(bob));
      var running = new AtomicInteger();
      var tasks = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 40; i++) {
        ExtensionLocks locks = nodes.get(i % 2);
        tasks.add(
            () ->
                locks.serialize(
                    "shop",
                    1,
                    LONG,
                    () -> {
                      int others = running.getAndIncrement();
                      Eventually.pause();
                      running.decrementAndGet();
                      return others;
                    }));
      }
      for (var others : threads.invokeAll(tasks)) {
        assertThat(others.get()).isZero();
      }
      assertThat(nodes).allMatch(locks -> locks.inUse() == 0);
      assertThat(ann.leases().findOrphans("extension_lock", 10)).isEmpty();
      assertThat(ann.leases().heldCount() + bob.leases().heldCount()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aLockOfAnotherNodeIsWaitedForAndFreeWhenThatNodeDies(TestStore store) {
    try (var ann = member(store, "ann");
        var bob = member(store, "bob")) {
      ExtensionLocks ofAnn = locks(ann);
      ExtensionLocks ofBob = locks(bob);
      ofAnn.serialize(
          "shop",
          1,
          () -> {
            assertThat(ofAnn.<String, RuntimeException>serialize("shop", 1, () -> "again"))
                .isEqualTo("again");
            assertThatThrownBy(() -> ofBob.serialize("shop", 1, Duration.ZERO, () -> "never"))
                .isInstanceOf(LockTimeoutException.class)
                .hasMessage("the lock shop/1 was not free within 0 ms");
            assertThat(ofBob.<String, RuntimeException>serialize("shop", 2, () -> "other"))
                .isEqualTo("other");
            declareOthersDead(bob);
            assertThat(
                    ofBob.<String, RuntimeException>serialize("shop", 1, LONG, () -> "after death"))
                .isEqualTo("after death");
            return "done";
          });
      Eventually.holds(() -> bob.leases().findOrphans("extension_lock", 10).isEmpty());
    }
  }

  @Test
  void threadsOfANodeWithoutOthersWaitForEachOther() throws Exception {
    var locks = new ExtensionLocks(meters);
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    Thread holder =
        Thread.startVirtualThread(
            () ->
                locks.serialize(
                    "shop",
                    1,
                    () -> {
                      entered.countDown();
                      try {
                        leave.await();
                      } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                      }
                      return "left";
                    }));
    entered.await();
    assertThatThrownBy(() -> locks.serialize("shop", 1, Duration.ofMillis(1), () -> "never"))
        .isInstanceOf(LockTimeoutException.class);
    leave.countDown();
    assertThatThrownBy(
            () ->
                locks.serialize(
                    "shop",
                    1,
                    LONG,
                    () -> {
                      throw new IOException("of the work");
                    }))
        .isInstanceOf(IOException.class);
    holder.join();
    assertThat(locks.inUse()).isZero();
    assertThatThrownBy(() -> locks.serialize("with space", 1, () -> "never"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> locks.serialize("shop", 1, LONG.plusMillis(1), () -> "never"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** All members but this one are silent until it declares them dead. */
  private void declareOthersDead(TestClusterMember alive) {
    Duration beat = HeartbeatSettings.DEFAULT.interval();
    alive.heartbeat();
    for (Duration silent = beat.negated();
        silent.compareTo(HeartbeatSettings.DEFAULT.timeout()) <= 0;
        silent = silent.plus(beat)) {
      nanos.addAndGet(beat.toNanos());
      alive.heartbeat();
    }
  }
}
