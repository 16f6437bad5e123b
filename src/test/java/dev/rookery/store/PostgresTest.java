package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.testkit.DatabaseProxy;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** What only a server over a network can do. */
@DisabledIfSystemProperty(named = "rookery.test.postgres", matches = "off")
final class PostgresTest {
  private static final String INSERT =
      "INSERT INTO idempotency (player_id, idem_key, command, answer, at_ms)"
          + " VALUES ($1, 'k', 'c', NULL, 4000000000000)";
  private static final String COUNT = "SELECT count(*) AS found FROM idempotency";
  private static final String TOUCH =
      "UPDATE idempotency SET command = 'touched' WHERE player_id = $1 RETURNING player_id";

  @Test
  void ofTwoThatWaitForEachOtherBothAreDoneInTheEnd() throws Exception {
    try (var store = TestStore.open(Databases.postgres(), NoteEvent.TYPES)) {
      store.database().write(tx -> List.of(tx.run(INSERT, 1), tx.run(INSERT, 2)));
      var met = new CyclicBarrier(2);
      var calls =
          Stream.of(List.of(1, 2), List.of(2, 1))
              .map(
                  order ->
                      CompletableFuture.runAsync(
                          () -> {
                            var again = new CountDownLatch(1);
                            store
                                .database()
                                .write(
                                    tx -> {
                                      tx.run(TOUCH, order.getFirst());
                                      if (again.getCount() == 1) {
                                        again.countDown();
                                        meet(met);
                                      }
                                      tx.append("note:" + order, new NoteEvent.Noted("n", 1));
                                      return tx.run(TOUCH, order.getLast());
                                    });
                          },
                          Thread::startVirtualThread))
              .toList();
      for (CompletableFuture<Void> call : calls) {
        call.get(30, TimeUnit.SECONDS);
      }

      assertThat(store.posted()).hasSize(2);
      assertThat(store.meters().counter("rookery.store.retries").count()).isPositive();
    }
  }

  @Test
  void severalNodesMayMigrateAtOnce() {
    try (var place = Databases.emptyPostgres()) {
      var nodes =
          IntStream.range(0, 4)
              .mapToObj(
                  _ ->
                      CompletableFuture.supplyAsync(
                          () -> TestStore.open(place.shared(), NoteEvent.TYPES)))
              .toList();
      nodes.forEach(
          node -> {
            TestStore store = node.join();
            assertThat(store.database().read(COUNT).row(0).number("found")).isZero();
          });
      nodes.forEach(node -> node.join().close());
    }
  }

  @Test
  void whenTheServerIsAwayCallsAreRefusedAndItRecoversByItself() throws Exception {
    try (var place = Databases.postgres();
        var line = DatabaseProxy.start(place);
        var store = TestStore.open(line.testDatabase(), NoteEvent.TYPES)) {
      store.database().write(tx -> tx.run(INSERT, 1));

      line.cut();
      assertThatThrownBy(() -> store.database().read(COUNT)).hasMessage("store_unavailable");
      assertThatThrownBy(() -> store.database().write(tx -> tx.run(INSERT, 2)))
          .hasMessage("store_unavailable");

      line.restore();
      store.database().write(tx -> tx.run(INSERT, 3));
      assertThat(store.database().read(COUNT).row(0).number("found")).isEqualTo(2);
    }
  }

  @Test
  void aTransactionWhoseConnectionBreaksLeavesNothing() throws Exception {
    try (var place = Databases.postgres();
        var line = DatabaseProxy.start(place);
        var store = TestStore.open(line.testDatabase(), NoteEvent.TYPES)) {
      assertThatThrownBy(
              () ->
                  store
                      .database()
                      .write(
                          tx -> {
                            tx.run(INSERT, 1);
                            tx.append("note:1", new NoteEvent.Noted("n", 1));
                            line.cut();
                            return tx.run(INSERT, 2);
                          }))
          .hasMessage("store_unavailable");

      line.restore();
      assertThat(store.database().read(COUNT).row(0).number("found")).isZero();
      assertThat(store.posted()).isEmpty();
    }
  }

  @Test
  void whenTheAnswerToACommitIsLostTheEventsArePostedLater() throws Exception {
    try (var place = Databases.postgres();
        var line = DatabaseProxy.start(place);
        var store = TestStore.open(line.testDatabase(), NoteEvent.TYPES)) {
      assertThatThrownBy(
              () ->
                  store
                      .database()
                      .write(
                          tx -> {
                            tx.run(INSERT, 1);
                            tx.append("note:1", new NoteEvent.Noted("unheard", 1));
                            line.loseCommitAfter("unheard");
                            return null;
                          }))
          .hasMessage("store_unavailable");
      assertThat(store.posted()).isEmpty();

      line.restore();
      assertThat(store.database().read(COUNT).row(0).number("found")).isEqualTo(1);
      store.store().upkeepNow();
      assertThat(store.posted()).hasSize(1);
      store.store().upkeepNow();
      assertThat(store.posted()).hasSize(1);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
