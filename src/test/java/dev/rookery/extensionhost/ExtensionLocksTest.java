package dev.rookery.extensionhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.extension.LockLostException;
import dev.rookery.extension.LockTimeoutException;
import dev.rookery.extension.Locks;
import dev.rookery.store.ExtensionTables;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestSeed;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future.State;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests locks of extensions among the threads of a node and among nodes. */
final class ExtensionLocksTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Duration LONG = Duration.ofMinutes(1);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong(7);
  private final List<Pool> pools = new ArrayList<>();

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private ExtensionLocks shared(TestStore store, TestClusterMember member) {
    var locks = new ExtensionLocks(meters);
    locks.shareThrough(member.leases(), store.database(), member::run, store.clock());
    return locks;
  }

  private Locks locks(TestStore store, TestClusterMember member) {
    return withoutTables(shared(store, member));
  }

  private static Locks withoutTables(ExtensionLocks locks) {
    return new InstanceLocks(
        locks,
        () -> {
          throw new IllegalStateException("no tables");
        },
        () -> 1,
        (_, _) -> Future.succeededFuture(true));
  }

  /** The locks of an extension on a node that has a table with one row. */
  private Locks withTables(TestStore store, ExtensionLocks locks) {
    var tables = new ExtensionTables(store.testDatabase().config());
    tables.migrate(
        "game",
        Map.of(
            "migrations/V1__score.sql",
            "CREATE TABLE score (points INTEGER NOT NULL); INSERT INTO score VALUES (0);"));
    Pool pool = tables.open(store.vertx(), "game", 2);
    opened.add(() -> pool.close().await());
    pools.add(pool);
    return new InstanceLocks(
        locks,
        () -> pool,
        () -> tables.connections(2),
        (transaction, lease) ->
            tables.holdLease(transaction, lease.name(), lease.run(), lease.epoch()));
  }

  private int points() {
    return points(pools.getFirst());
  }

  private static int points(SqlClient client) {
    return client
        .query("SELECT points FROM score")
        .execute()
        .await()
        .iterator()
        .next()
        .getInteger("points");
  }

  private static Integer set(SqlClient client, int points) {
    client.query("UPDATE score SET points = " + points).execute().await();
    return points;
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aTransactionUnderALockIsCommittedAsAWholeOrNotAtAll(TestStore store) throws Exception {
    try (var ann = member(store, "ann");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ExtensionLocks shared = shared(store, ann);
      Locks locks = withTables(store, shared);
      var tasks = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 20; i++) {
        // Lost updates would show if two of them read the same number.
        tasks.add(() -> locks.serialize("shop", 1, LONG, tx -> set(tx, points(tx) + 1)));
      }
      for (var each : threads.invokeAll(tasks)) {
        assertThat(each.get()).isPositive();
      }
      assertThat(points()).isEqualTo(20);

      assertThatThrownBy(
              () ->
                  locks.serialize(
                      "shop",
                      1,
                      tx -> {
                        set(tx, 100);
                        throw new IOException("of the work");
                      }))
          .isInstanceOf(IOException.class);
      assertThat(points()).isEqualTo(20);

      // Inner work is part of the same transaction, whatever its lock.
      assertThat(
              locks.<Integer, RuntimeException>serialize(
                  "shop",
                  1,
                  tx -> {
                    set(tx, 30);
                    return locks.<Integer, RuntimeException>serialize(
                        "player", 7, inner -> set(inner, points(inner) + 1));
                  }))
          .isEqualTo(31);
      assertThat(points()).isEqualTo(31);
      assertThatThrownBy(
              () ->
                  locks.serialize(
                      "shop",
                      1,
                      tx -> {
                        set(tx, 40);
                        assertThatThrownBy(
                                () ->
                                    locks.serialize(
                                        "player",
                                        7,
                                        _ -> {
                                          throw new IOException("of the inner work");
                                        }))
                            .isInstanceOf(IOException.class);
                        return "caught";
                      }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(points()).isEqualTo(31);
      assertThat(shared.inUse()).isZero();
      assertThat(ann.leases().heldCount()).isZero();
    }
  }

  @Test
  void noWorkBeginsWhileTheDatabaseIsUnavailable() {
    // Only PostgreSQL has several nodes.
    try (var store = TestStore.open(Databases.postgres())) {
      TestStore own = store.openSecondNode();
      try (var ann = member(own, "ann");
          var shared = shared(own, ann)) {
        own.closeStore();

        assertThatThrownBy(() -> shared.exclusively("a retry", () -> "done"))
            .isInstanceOfSatisfying(
                Refused.class,
                refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Unavailable.class));
        assertThatThrownBy(() -> withoutTables(shared).serialize("shop", 1, () -> "done"))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("shop/1 cannot be acquired");
        assertThat(shared.inUse()).isZero();
      }
    }
  }

  @Test
  void aNodeThatLostTheLockCommitsNothing() throws Exception {
    // Only PostgreSQL has several nodes.
    try (var store = TestStore.open(Databases.postgres());
        var ann = member(store, "ann");
        var bob = member(store, "bob")) {
      Locks ofAnn = withTables(store, shared(store, ann));
      Locks ofBob = withTables(store, shared(store, bob));
      assertThatThrownBy(
              () ->
                  ofAnn.serialize(
                      "shop",
                      1,
                      () ->
                          // The lock is that of the outer work.
                          ofAnn.<Integer, RuntimeException>serialize(
                              "shop",
                              1,
                              tx -> {
                                int read = points(tx);
                                declareOthersDead(bob);
                                ofBob.<Integer, RuntimeException>serialize(
                                    "shop", 1, LONG, other -> set(other, 5));
                                assertThat(read).isZero();
                                return read;
                              })))
          .isInstanceOf(LockLostException.class)
          .hasMessage("another node has the lock shop/1");
      assertThat(points()).isEqualTo(5);
      ann.heartbeat();
      assertThat(ofAnn.<Integer, RuntimeException>serialize("other", 1, LONG, tx -> set(tx, 6)))
          .isEqualTo(6);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void anInterruptedThreadReleasesAllItsLocks(TestStore store) {
    try (var ann = member(store, "ann");
        var bob = member(store, "bob")) {
      ExtensionLocks shared = shared(store, ann);
      Locks ofAnn = withTables(store, shared);
      assertThatThrownBy(
              () ->
                  ofAnn.<Integer, RuntimeException>serialize(
                      "shop",
                      1,
                      outer ->
                          ofAnn.<Integer, RuntimeException>serialize(
                              "shop",
                              2,
                              inner -> {
                                Thread.currentThread().interrupt();
                                throw new IllegalStateException("of the work");
                              })))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("of the work");
      assertThat(Thread.interrupted()).isTrue();
      Locks ofBob = locks(store, bob);
      assertThat(ofBob.<Integer, RuntimeException>serialize("shop", 1, LONG, () -> 1)).isOne();
      assertThat(ofBob.<Integer, RuntimeException>serialize("shop", 2, LONG, () -> 2)).isEqualTo(2);
      Eventually.holds(() -> shared.inUse() == 0);
    }
  }

  @Test
  void aLockWhoseAcquisitionWasInterruptedIsFreeForOtherNodes() throws Exception {
    try (var store = TestStore.open(Databases.sqlite());
        var ann = member(store, "ann");
        var bob = member(store, "bob")) {
      ExtensionLocks shared = shared(store, ann);
      var writing = new CompletableFuture<Integer>();
      var go = new CompletableFuture<Integer>();
      Thread writer =
          Thread.startVirtualThread(
              () ->
                  store
                      .database()
                      .write(
                          tx -> {
                            writing.complete(1);
                            return go.join();
                          }));
      writing.join();
      var failure = new CompletableFuture<Throwable>();
      Thread waiting =
          Thread.startVirtualThread(
              () -> {
                try {
                  shared.acquire("shop/1", LONG);
                } catch (RuntimeException interrupted) {
                  failure.complete(interrupted);
                }
              });
      // It waits for the database, which stores the lease all the same.
      Eventually.holds(() -> waiting.getState() == Thread.State.WAITING);
      waiting.interrupt();
      assertThat(failure.join()).isInstanceOf(LockTimeoutException.class);
      go.complete(1);
      writer.join();
      assertThat(locks(store, bob).<Integer, RuntimeException>serialize("shop", 1, LONG, () -> 1))
          .isOne();
      Eventually.holds(() -> shared.inUse() == 0);
    }
  }

  @Test
  void anInterruptedThreadTakesNoConnection() {
    try (var store = TestStore.open(Databases.sqlite());
        var ann = member(store, "ann")) {
      Locks locks = withTables(store, shared(store, ann));
      SqlConnection only = pools.getFirst().getConnection().await();
      assertThatThrownBy(
              () ->
                  locks.serialize(
                      "shop",
                      1,
                      () -> {
                        Thread.currentThread().interrupt();
                        return locks.<Integer, RuntimeException>serialize(
                            "shop", 1, tx -> set(tx, 1));
                      }))
          .isInstanceOf(InterruptedException.class);
      only.close().await();
      assertThat(locks.<Integer, RuntimeException>serialize("shop", 1, tx -> set(tx, 2)))
          .isEqualTo(2);
      assertThat(points()).isEqualTo(2);
    }
  }

  @Test
  void nestedWorkDoesNotWaitForThoseWhoWaitForItsConnection() throws Exception {
    // Only SQLite has one connection.
    try (var store = TestStore.open(Databases.sqlite());
        var ann = member(store, "ann");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Locks locks = withTables(store, shared(store, ann));
      var begun = new CompletableFuture<Integer>();
      var waiting = new CompletableFuture<Thread>();
      var nested =
          threads.submit(
              () ->
                  locks.<Integer, RuntimeException>serialize(
                      "shop",
                      1,
                      LONG,
                      tx -> {
                        begun.complete(set(tx, 5));
                        Thread other = waiting.join();
                        Eventually.holds(() -> other.getState() == Thread.State.WAITING);
                        return locks.<Integer, RuntimeException>serialize(
                            "shop", 2, LONG, inner -> set(inner, points(inner) + 1));
                      }));
      begun.join();
      var other =
          threads.submit(
              () -> {
                waiting.complete(Thread.currentThread());
                return locks.<Integer, RuntimeException>serialize(
                    "shop", 2, LONG, tx -> set(tx, points(tx) + 1));
              });
      assertThat(nested.get()).isEqualTo(6);
      assertThat(other.get()).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void workThatNestsLocksInOneOrderIsNeverRefused(TestStore store) throws Exception {
    long seed = TestSeed.of("ExtensionLocksTest on " + store);
    var random = new Random(seed);
    try (var ann = member(store, "ann");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ExtensionLocks shared = shared(store, ann);
      Locks locks = withTables(store, shared);
      var tasks = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 60; i++) {
        int outer = random.nextInt(4);
        int inner = outer + 1 + random.nextInt(4);
        boolean alone = random.nextInt(3) == 0;
        // All count under the last lock.
        tasks.add(
            () ->
                alone
                    ? locks.<Integer, RuntimeException>serialize(
                        "last", 1, LONG, ExtensionLocksTest::next)
                    : locks.<Integer, RuntimeException>serialize(
                        "shop",
                        outer,
                        LONG,
                        _ ->
                            locks.<Integer, RuntimeException>serialize(
                                "shop",
                                inner,
                                LONG,
                                _ ->
                                    locks.<Integer, RuntimeException>serialize(
                                        "last", 1, LONG, ExtensionLocksTest::next))));
      }
      for (var each : threads.invokeAll(tasks)) {
        assertThat(each.get()).isPositive();
      }
      assertThat(points()).isEqualTo(tasks.size());
      assertThat(shared.inUse()).isZero();
      assertThat(ann.leases().heldCount()).isZero();
    }
  }

  private static Integer next(SqlClient client) {
    return set(client, points(client) + 1);
  }

  @Test
  void refusesWorkThatWouldWaitForItself() throws Exception {
    try (var store = TestStore.open(Databases.postgres());
        var ann = member(store, "ann")) {
      ExtensionLocks shared = shared(store, ann);
      Locks locks = withTables(store, shared);
      var both = new CyclicBarrier(2);
      assertOneIsRefused(
          () -> locks.serialize("a", 1, LONG, () -> within(both, locks, "b")),
          () -> locks.serialize("b", 1, LONG, () -> within(both, locks, "a")));
      assertOneIsRefused(
          () -> locks.serialize("a", 1, LONG, _ -> within(both, locks, "b")),
          () -> locks.serialize("b", 1, LONG, _ -> within(both, locks, "a")));
      assertThat(shared.inUse()).isZero();
      assertThat(ann.leases().heldCount()).isZero();
    }
  }

  @Test
  void refusesOneOfTwoNodesThatWouldWaitForEachOther() throws Exception {
    try (var store = TestStore.open(Databases.postgres());
        var ann = member(store, "ann");
        var bob = member(store, "bob")) {
      Locks ofAnn = locks(store, ann);
      Locks ofBob = locks(store, bob);
      var both = new CyclicBarrier(2);
      assertOneIsRefused(
          () -> ofAnn.serialize("a", 1, LONG, () -> after(both, ofAnn, "b")),
          () -> ofBob.serialize("b", 1, LONG, () -> after(both, ofBob, "a")));
      // Two threads of one node and one of the other.
      var all = new CyclicBarrier(3);
      var outcomes = new ArrayList<String>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Callable<Integer>> tasks =
            List.of(
                () -> ofAnn.serialize("a", 1, LONG, () -> after(all, ofAnn, "b")),
                () -> ofAnn.serialize("b", 1, LONG, () -> after(all, ofAnn, "c")),
                () -> ofBob.serialize("c", 1, LONG, () -> after(all, ofBob, "a")));
        for (var each : threads.invokeAll(tasks)) {
          outcomes.add(each.state() == State.SUCCESS ? "done" : each.exceptionNow().toString());
        }
      }
      assertThat(outcomes).filteredOn("done"::equals).hasSize(2);
      assertThat(outcomes).filteredOn(each -> each.contains("LockDeadlockException")).hasSize(1);
      assertThat(store.database().read("SELECT held FROM extension_lock_wait").size()).isZero();
      assertThat(ann.leases().heldCount()).isZero();
      assertThat(bob.leases().heldCount()).isZero();
    }
  }

  /** Work that waits until the others have their locks, and then wants a second one. */
  private static Integer after(CyclicBarrier all, Locks locks, String second) throws Exception {
    all.await();
    return locks.<Integer, RuntimeException>serialize(second, 1, LONG, () -> 1);
  }

  @Test
  void refusesWorkWhoseConnectionWaitsForItsLock() throws Exception {
    // Only SQLite has one connection.
    try (var store = TestStore.open(Databases.sqlite());
        var ann = member(store, "ann")) {
      ExtensionLocks shared = shared(store, ann);
      Locks locks = withTables(store, shared);
      var both = new CyclicBarrier(2);
      assertOneIsRefused(
          () -> locks.serialize("a", 1, LONG, _ -> within(both, locks, "b")),
          () -> locks.serialize("b", 1, LONG, () -> within(both, locks, "c")));
      assertThat(shared.inUse()).isZero();
    }
  }

  /** Work that waits until the other one has its lock, and then wants a second one. */
  private static Integer within(CyclicBarrier both, Locks locks, String second) throws Exception {
    both.await();
    return locks.<Integer, RuntimeException>serialize(second, 1, LONG, tx -> set(tx, 1));
  }

  private static void assertOneIsRefused(Callable<Integer> one, Callable<Integer> other)
      throws Exception {
    var outcomes = new ArrayList<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : threads.invokeAll(List.of(one, other))) {
        outcomes.add(each.state() == State.SUCCESS ? "done" : each.exceptionNow().toString());
      }
    }
    assertThat(outcomes)
        .satisfiesExactlyInAnyOrder(
            done -> assertThat(done).isEqualTo("done"),
            refused -> assertThat(refused).contains("LockDeadlockException"));
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
      var nodes = List.of(shared(store, ann), shared(store, bob));
      List<Locks> both = nodes.stream().map(ExtensionLocksTest::withoutTables).toList();
      var running = new AtomicInteger();
      var tasks = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 40; i++) {
        Locks locks = both.get(i % 2);
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
      Locks ofAnn = locks(store, ann);
      Locks ofBob = locks(store, bob);
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
    var shared = new ExtensionLocks(meters);
    Locks locks = withoutTables(shared);
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
    assertThat(shared.inUse()).isZero();
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
