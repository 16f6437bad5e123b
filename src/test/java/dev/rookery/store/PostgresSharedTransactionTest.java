package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import dev.rookery.base.Refused;
import dev.rookery.testkit.DatabaseProxy;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Units of work that wait at the same time and share a transaction. */
@DisabledIfSystemProperty(named = "rookery.test.postgres", matches = "off")
final class PostgresSharedTransactionTest {
  private static final String INSERT =
      "INSERT INTO idempotency (player_id, idem_key, command, answer, at_ms)"
          + " VALUES ($1, 'k', 'c', NULL, 4000000000000)";
  private static final String PLAYERS = "SELECT player_id FROM idempotency ORDER BY player_id";
  private static final String TOUCH =
      "UPDATE idempotency SET command = 'touched' WHERE player_id = $1 RETURNING player_id";

  @Test
  void commitsWaitingUnitsTogetherInOrder() throws Exception {
    try (var store = open(Databases.postgres())) {
      var calls =
          runQueued(
              store,
              IntStream.range(0, 20)
                  .mapToObj(number -> insert(number, "note:" + number % 2))
                  .toList());
      for (var call : calls) {
        call.get(120, TimeUnit.SECONDS);
      }

      assertThat(store.meters().get("rookery.store.batch").summary().max())
          .isGreaterThanOrEqualTo(20);
      assertThat(playerIds(store)).hasSize(20);
      for (String stream : List.of("note:0", "note:1")) {
        var offsets =
            store.published().stream()
                .filter(posted -> posted.stream().equals(stream))
                .map(posted -> posted.position().offset())
                .toList();
        assertThat(offsets).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
      }
    }
  }

  @Test
  void rollsBackOnlyTheUnitThatThrows() throws Exception {
    try (var store = open(Databases.postgres())) {
      var calls =
          runQueued(
              store,
              List.of(
                  insert(1, "note:1"),
                  tx -> {
                    var _ = insert(2, "note:2").apply(tx);
                    throw Refused.conflict("refused_by_test");
                  },
                  // Taken already by a unit in the same commit.
                  insert(1, "note:1"),
                  insert(3, "note:1")));

      calls.get(0).get(120, TimeUnit.SECONDS);
      assertThatThrownBy(() -> calls.get(1).get(120, TimeUnit.SECONDS))
          .hasMessageContaining("refused_by_test");
      assertThatThrownBy(() -> calls.get(2).get(120, TimeUnit.SECONDS))
          .hasCauseInstanceOf(StatementException.class);
      calls.get(3).get(120, TimeUnit.SECONDS);
      assertThat(playerIds(store)).containsExactly(1L, 3L);
      assertThat(store.published())
          .extracting(CommittedEvent::stream)
          .containsExactly("note:1", "note:1");
    }
  }

  @Test
  void readsPositionsIncludingEarlierUnits() throws Exception {
    try (var store = open(Databases.postgres())) {
      var calls =
          runQueued(
              store,
              List.of(
                  insert(1, "note:1"),
                  tx -> {
                    Position head = Outbox.head(tx, "note:1");
                    tx.append("note:1", new NoteEvent.Noted("later", 2));
                    return head.offset();
                  }));

      calls.get(0).get(120, TimeUnit.SECONDS);
      assertThat(calls.get(1).get(120, TimeUnit.SECONDS)).isEqualTo(1L);
      assertThat(store.published())
          .extracting(posted -> posted.position().offset())
          .containsExactly(1L, 2L);
    }
  }

  @Test
  void keepsOtherUnitsWhenUnitThatReadPositionFails() throws Exception {
    try (var store = open(Databases.postgres())) {
      var calls =
          runQueued(
              store,
              List.of(
                  insert(1, "note:1"),
                  tx -> {
                    Outbox.head(tx, "note:1");
                    throw Refused.conflict("refused_by_test");
                  },
                  insert(2, "note:1")));

      calls.get(0).get(120, TimeUnit.SECONDS);
      assertThatThrownBy(() -> calls.get(1).get(120, TimeUnit.SECONDS))
          .hasMessageContaining("refused_by_test");
      calls.get(2).get(120, TimeUnit.SECONDS);
      assertThat(playerIds(store)).containsExactly(1L, 2L);
      assertThat(store.published())
          .extracting(posted -> posted.position().offset())
          .containsExactlyInAnyOrder(1L, 2L);
    }
  }

  @Test
  void runsUnitsSeparatelyAfterDeadlock() throws Exception {
    try (var database = Databases.postgres();
        var first = open(database);
        var second = first.openSecondNode()) {
      first.database().write(tx -> List.of(tx.run(INSERT, 1), tx.run(INSERT, 2)));
      var firstTries = new CountDownLatch(2);
      var upwards = runQueued(first, List.of(update(1, firstTries), update(2, null)));
      var downwards = runQueued(second, List.of(update(2, firstTries), update(1, null)));

      for (var call : upwards) {
        call.get(120, TimeUnit.SECONDS);
      }
      for (var call : downwards) {
        call.get(120, TimeUnit.SECONDS);
      }
      double retries =
          first.meters().counter("rookery.store.retries").count()
              + second.meters().counter("rookery.store.retries").count();
      assertThat(retries).isGreaterThanOrEqualTo(2);
      assertThat(first.published().size() + second.published().size()).isEqualTo(4);
    }
  }

  @Test
  void waitsForLockWithOneUnitAlone() throws Exception {
    try (var database = Databases.postgres();
        var first = open(database);
        var second = first.openSecondNode()) {
      first
          .database()
          .write(tx -> List.of(tx.run(INSERT, 1), tx.run(INSERT, 2), tx.run(INSERT, 3)));
      var locked = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var lockHolder =
          call(
              second,
              tx -> {
                tx.run(TOUCH, 2);
                locked.countDown();
                awaitLatch(release);
                return 0;
              });
      awaitLatch(locked);
      var runs = List.of(new AtomicInteger(), new AtomicInteger(), new AtomicInteger());
      var calls =
          runQueued(
              first,
              IntStream.range(0, 3)
                  .<Function<Transaction, Object>>mapToObj(
                      i ->
                          tx -> {
                            runs.get(i).incrementAndGet();
                            return update(i + 1, null).apply(tx);
                          })
                  .toList());

      calls.get(0).get(120, TimeUnit.SECONDS);
      calls.get(2).get(120, TimeUnit.SECONDS);
      assertThat(calls.get(1)).isNotDone();
      release.countDown();
      calls.get(1).get(120, TimeUnit.SECONDS);
      lockHolder.get(120, TimeUnit.SECONDS);

      assertThat(runs).extracting(AtomicInteger::get).containsExactly(1, 2, 1);
      assertThat(first.published()).hasSize(3);
      assertThat(first.meters().counter("rookery.store.retries").count()).isEqualTo(1);
    }
  }

  @Test
  void failsAllUnitsWhenCommitReplyIsLostAndPublishesLater() throws Exception {
    try (var database = Databases.postgres();
        var proxy = DatabaseProxy.start(database);
        var store = open(proxy.testDatabase())) {
      proxy.loseCommitAfter("lost reply");
      var calls =
          runQueued(
              store,
              IntStream.range(0, 3)
                  .<Function<Transaction, Object>>mapToObj(
                      number ->
                          tx -> {
                            tx.run(INSERT, number);
                            tx.append("note:1", new NoteEvent.Noted("lost reply", number));
                            return number;
                          })
                  .toList());
      for (var call : calls) {
        assertThatThrownBy(() -> call.get(120, TimeUnit.SECONDS))
            .hasMessageContaining("store_unavailable");
      }

      proxy.restore();
      store.store().runMaintenanceNow();
      assertThat(playerIds(store)).containsExactly(0L, 1L, 2L);
      assertThat(store.published()).hasSize(3);
    }
  }

  /** Opens a store that runs one transaction at a time. */
  private static TestStore open(Databases.TestDatabase database) {
    return TestStore.open(database, database.config().withConnections(2), NoteEvent.TYPES);
  }

  private static Function<Transaction, Object> insert(int number, String stream) {
    return tx -> {
      tx.run(INSERT, number);
      tx.append(stream, new NoteEvent.Noted("n", number));
      return number;
    };
  }

  /**
   * @param firstTry counted down once the row is locked; on the first try waits until the other
   *     unit has locked its row too
   */
  private static Function<Transaction, Object> update(int number, CountDownLatch firstTry) {
    var tries = new AtomicInteger();
    return tx -> {
      tx.run(TOUCH, number);
      if (firstTry != null && tries.incrementAndGet() == 1) {
        firstTry.countDown();
        awaitLatch(firstTry);
      }
      tx.append("note:" + number, new NoteEvent.Noted("n", number));
      return number;
    };
  }

  /** Queues all units behind another one, in that order, and then lets them run. */
  private static List<CompletableFuture<Object>> runQueued(
      TestStore store, List<Function<Transaction, Object>> works) {
    var started = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var first =
        call(
            store,
            _ -> {
              started.countDown();
              awaitLatch(release);
              return 0;
            });
    awaitLatch(started);
    var calls = new ArrayList<CompletableFuture<Object>>();
    for (var work : works) {
      double before = queuedCount(store);
      calls.add(call(store, work));
      Eventually.holds(() -> queuedCount(store) > before);
    }
    release.countDown();
    first.join();
    return calls;
  }

  private static CompletableFuture<Object> call(
      TestStore store, Function<Transaction, Object> work) {
    return CompletableFuture.supplyAsync(
        () -> store.database().write(work), Thread::startVirtualThread);
  }

  private static double queuedCount(TestStore store) {
    return store.meters().get("rookery.store.writes.waiting").gauge().value();
  }

  private static List<Long> playerIds(TestStore store) {
    return store.database().read(PLAYERS).all(row -> row.number("player_id"));
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(120, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
