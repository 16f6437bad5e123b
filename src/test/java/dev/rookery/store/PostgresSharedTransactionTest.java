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

/** Units of work that wait at the same time, and share a transaction. */
@DisabledIfSystemProperty(named = "rookery.test.postgres", matches = "off")
final class PostgresSharedTransactionTest {
  private static final String INSERT =
      "INSERT INTO idempotency (player_id, idem_key, command, answer, at_ms)"
          + " VALUES ($1, 'k', 'c', NULL, 4000000000000)";
  private static final String PLAYERS = "SELECT player_id FROM idempotency ORDER BY player_id";
  private static final String TOUCH =
      "UPDATE idempotency SET command = 'touched' WHERE player_id = $1 RETURNING player_id";

  @Test
  void thoseThatWaitCommitTogetherAndTheirEventsFollowEachOther() throws Exception {
    try (var store = open(Databases.postgres())) {
      var calls =
          together(
              store,
              IntStream.range(0, 20)
                  .mapToObj(number -> inserting(number, "note:" + number % 2))
                  .toList());
      for (var call : calls) {
        call.get(20, TimeUnit.SECONDS);
      }

      assertThat(store.meters().get("rookery.store.batch").summary().max())
          .isGreaterThanOrEqualTo(20);
      assertThat(players(store)).hasSize(20);
      for (String stream : List.of("note:0", "note:1")) {
        var offsets =
            store.posted().stream()
                .filter(posted -> posted.stream().equals(stream))
                .map(posted -> posted.position().offset())
                .toList();
        assertThat(offsets).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
      }
    }
  }

  @Test
  void whatOneOfThemThrowsUndoesThatOneAlone() throws Exception {
    try (var store = open(Databases.postgres())) {
      var calls =
          together(
              store,
              List.of(
                  inserting(1, "note:1"),
                  tx -> {
                    var _ = inserting(2, "note:2").apply(tx);
                    throw Refused.conflict("changed_its_mind");
                  },
                  // Taken already, by one who waits for the same commit.
                  inserting(1, "note:1"),
                  inserting(3, "note:1")));

      calls.get(0).get(20, TimeUnit.SECONDS);
      assertThatThrownBy(() -> calls.get(1).get(20, TimeUnit.SECONDS))
          .hasMessageContaining("changed_its_mind");
      assertThatThrownBy(() -> calls.get(2).get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(StatementException.class);
      calls.get(3).get(20, TimeUnit.SECONDS);
      assertThat(players(store)).containsExactly(1L, 3L);
      assertThat(store.posted())
          .extracting(CommittedEvent::stream)
          .containsExactly("note:1", "note:1");
    }
  }

  @Test
  void aPositionReadByOneCountsWhatThoseBeforeHaveAppended() throws Exception {
    try (var store = open(Databases.postgres())) {
      var calls =
          together(
              store,
              List.of(
                  inserting(1, "note:1"),
                  tx -> {
                    Position head = Outbox.head(tx, "note:1");
                    tx.append("note:1", new NoteEvent.Noted("later", 2));
                    return head.offset();
                  }));

      calls.get(0).get(20, TimeUnit.SECONDS);
      assertThat(calls.get(1).get(20, TimeUnit.SECONDS)).isEqualTo(1L);
      assertThat(store.posted())
          .extracting(posted -> posted.position().offset())
          .containsExactly(1L, 2L);
    }
  }

  @Test
  void oneThatReadAPositionAndFailedTakesNothingOfTheOthersWithIt() throws Exception {
    try (var store = open(Databases.postgres())) {
      var calls =
          together(
              store,
              List.of(
                  inserting(1, "note:1"),
                  tx -> {
                    Outbox.head(tx, "note:1");
                    throw Refused.conflict("changed_its_mind");
                  },
                  inserting(2, "note:1")));

      calls.get(0).get(20, TimeUnit.SECONDS);
      assertThatThrownBy(() -> calls.get(1).get(20, TimeUnit.SECONDS))
          .hasMessageContaining("changed_its_mind");
      calls.get(2).get(20, TimeUnit.SECONDS);
      assertThat(players(store)).containsExactly(1L, 2L);
      assertThat(store.posted())
          .extracting(posted -> posted.position().offset())
          .containsExactlyInAnyOrder(1L, 2L);
    }
  }

  @Test
  void thoseWhoseNeighboursHoldEachOthersRowsAreDoneApart() throws Exception {
    try (var database = Databases.postgres();
        var one = open(database);
        var two = one.another()) {
      one.database().write(tx -> List.of(tx.run(INSERT, 1), tx.run(INSERT, 2)));
      var firstTries = new CountDownLatch(2);
      var upwards = together(one, List.of(touching(1, firstTries), touching(2, null)));
      var downwards = together(two, List.of(touching(2, firstTries), touching(1, null)));

      for (var call : upwards) {
        call.get(20, TimeUnit.SECONDS);
      }
      for (var call : downwards) {
        call.get(20, TimeUnit.SECONDS);
      }
      double again =
          one.meters().counter("rookery.store.retries").count()
              + two.meters().counter("rookery.store.retries").count();
      assertThat(again).isGreaterThanOrEqualTo(2);
      assertThat(one.posted().size() + two.posted().size()).isEqualTo(4);
    }
  }

  @Test
  void aLockInTheWayOfOneKeepsHimAloneWaitingAndNothingIsDoneAgain() throws Exception {
    try (var database = Databases.postgres();
        var one = open(database);
        var two = one.another()) {
      one.database().write(tx -> List.of(tx.run(INSERT, 1), tx.run(INSERT, 2), tx.run(INSERT, 3)));
      var held = new CountDownLatch(1);
      var mayGo = new CountDownLatch(1);
      var inTheWay =
          call(
              two,
              tx -> {
                tx.run(TOUCH, 2);
                held.countDown();
                awaited(mayGo);
                return 0;
              });
      awaited(held);
      var runs = List.of(new AtomicInteger(), new AtomicInteger(), new AtomicInteger());
      var calls =
          together(
              one,
              IntStream.range(0, 3)
                  .<Function<Transaction, Object>>mapToObj(
                      i ->
                          tx -> {
                            runs.get(i).incrementAndGet();
                            return touching(i + 1, null).apply(tx);
                          })
                  .toList());

      calls.get(0).get(20, TimeUnit.SECONDS);
      calls.get(2).get(20, TimeUnit.SECONDS);
      assertThat(calls.get(1)).isNotDone();
      mayGo.countDown();
      calls.get(1).get(20, TimeUnit.SECONDS);
      inTheWay.get(20, TimeUnit.SECONDS);

      assertThat(runs).extracting(AtomicInteger::get).containsExactly(1, 2, 1);
      assertThat(one.posted()).hasSize(3);
      assertThat(one.meters().counter("rookery.store.retries").count()).isEqualTo(1);
    }
  }

  @Test
  void whenTheAnswerToTheirCommitIsLostAllHearOfItAndTheirEventsComeLater() throws Exception {
    try (var database = Databases.postgres();
        var line = DatabaseProxy.start(database);
        var store = open(line.testDatabase())) {
      line.loseCommitAfter("unheard");
      var calls =
          together(
              store,
              IntStream.range(0, 3)
                  .<Function<Transaction, Object>>mapToObj(
                      number ->
                          tx -> {
                            tx.run(INSERT, number);
                            tx.append("note:1", new NoteEvent.Noted("unheard", number));
                            return number;
                          })
                  .toList());
      for (var call : calls) {
        assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
            .hasMessageContaining("store_unavailable");
      }

      line.restore();
      store.store().upkeepNow();
      assertThat(players(store)).containsExactly(0L, 1L, 2L);
      assertThat(store.posted()).hasSize(3);
    }
  }

  /** With one transaction at a time. */
  private static TestStore open(Databases.TestDatabase database) {
    return TestStore.open(database, database.config().withConnections(2), NoteEvent.TYPES);
  }

  private static Function<Transaction, Object> inserting(int number, String stream) {
    return tx -> {
      tx.run(INSERT, number);
      tx.append(stream, new NoteEvent.Noted("n", number));
      return number;
    };
  }

  /**
   * @param firstTry counted down with the row held; the first time, until the other holds his too
   */
  private static Function<Transaction, Object> touching(int number, CountDownLatch firstTry) {
    var tries = new AtomicInteger();
    return tx -> {
      tx.run(TOUCH, number);
      if (firstTry != null && tries.incrementAndGet() == 1) {
        firstTry.countDown();
        awaited(firstTry);
      }
      tx.append("note:" + number, new NoteEvent.Noted("n", number));
      return number;
    };
  }

  /** Has them all wait behind another unit of work, in that order, and then lets them go. */
  private static List<CompletableFuture<Object>> together(
      TestStore store, List<Function<Transaction, Object>> works) {
    var begun = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    var first =
        call(
            store,
            _ -> {
              begun.countDown();
              awaited(mayEnd);
              return 0;
            });
    awaited(begun);
    var calls = new ArrayList<CompletableFuture<Object>>();
    for (var work : works) {
      double before = waiting(store);
      calls.add(call(store, work));
      Eventually.holds(() -> waiting(store) > before);
    }
    mayEnd.countDown();
    first.join();
    return calls;
  }

  private static CompletableFuture<Object> call(
      TestStore store, Function<Transaction, Object> work) {
    return CompletableFuture.supplyAsync(
        () -> store.database().write(work), Thread::startVirtualThread);
  }

  private static double waiting(TestStore store) {
    return store.meters().get("rookery.store.writes.waiting").gauge().value();
  }

  private static List<Long> players(TestStore store) {
    return store.database().read(PLAYERS).all(row -> row.number("player_id"));
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
