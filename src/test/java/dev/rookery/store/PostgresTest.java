package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.testkit.DatabaseProxy;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.LoggedErrors;
import dev.rookery.testkit.PostgresServer;
import dev.rookery.testkit.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Behaviour specific to PostgreSQL: deadlocks, concurrent migrations, lost connections. */
@DisabledIfSystemProperty(named = "rookery.test.postgres", matches = "off")
final class PostgresTest {
  private static final String INSERT =
      "INSERT INTO idempotency (player_id, idem_key, command, answer, at_ms)"
          + " VALUES ($1, 'k', 'c', NULL, 4000000000000)";
  private static final String COUNT = "SELECT count(*) AS found FROM idempotency";
  private static final String TOUCH =
      "UPDATE idempotency SET command = 'touched' WHERE player_id = $1 RETURNING player_id";

  /** Autovacuum does so too, once a minute at most: too late for this test in nearly every run. */
  @Test
  void measuresTablesThatHaveGrown() {
    try (var store = TestStore.open(Databases.postgres(), NoteEvent.TYPES)) {
      String pages = "SELECT relpages AS found FROM pg_class WHERE relname = 'idempotency'";
      store.store().refreshStatistics();
      assertThat(store.database().read(pages).row(0).number("found")).isZero();
      for (int i = 0; i < 40; i++) {
        int from = 100 * i;
        store
            .database()
            .write(
                tx -> IntStream.range(from, from + 100).mapToObj(n -> tx.run(INSERT, n)).toList());
      }
      store.store().refreshStatistics();
      assertThat(store.database().read(pages).row(0).number("found")).isPositive();
      assertThat(store.store().refreshStatistics()).isEmpty();
    }
  }

  /** One statement would take the processors of many others, and wait for its workers to start. */
  @Test
  void startsNoWorkersForAStatement() {
    try (var store = TestStore.open(Databases.postgres(), NoteEvent.TYPES)) {
      List<String> plan =
          store
              .database()
              .write(
                  tx -> {
                    for (String cheap :
                        List.of(
                            "parallel_setup_cost",
                            "parallel_tuple_cost",
                            "min_parallel_table_scan_size",
                            "min_parallel_index_scan_size")) {
                      tx.run("SET LOCAL " + cheap + " = 0");
                    }
                    tx.run("SET LOCAL cpu_tuple_cost = 100");
                    IntStream.range(0, 300).forEach(n -> tx.run(INSERT, n));
                    return tx.run("EXPLAIN " + COUNT).all(row -> row.text("QUERY PLAN"));
                  });

      assertThat(plan).noneMatch(step -> step.contains("Gather"));
    }
  }

  @Test
  void callsAfterTheStopAreNoOutage() {
    try (var store = TestStore.open(Databases.postgres(), NoteEvent.TYPES);
        var logged = new LoggedErrors()) {
      Database database = store.database();
      store.closeStore();

      assertThatThrownBy(() -> database.read(COUNT)).isInstanceOf(Refused.class);
      assertThat(logged.messages()).isEmpty();
    }
  }

  @Test
  void retriesAfterDeadlock() throws Exception {
    try (var store = TestStore.open(Databases.postgres(), NoteEvent.TYPES)) {
      store.database().write(tx -> List.of(tx.run(INSERT, 1), tx.run(INSERT, 2)));
      var barrier = new CyclicBarrier(2);
      var calls =
          Stream.of(List.of(1, 2), List.of(2, 1))
              .map(
                  order ->
                      CompletableFuture.runAsync(
                          () -> {
                            var firstTry = new CountDownLatch(1);
                            store
                                .database()
                                .write(
                                    tx -> {
                                      tx.run(TOUCH, order.getFirst());
                                      if (firstTry.getCount() == 1) {
                                        firstTry.countDown();
                                        awaitBarrier(barrier);
                                      }
                                      tx.append("note:" + order, new NoteEvent.Noted("n", 1));
                                      return tx.run(TOUCH, order.getLast());
                                    });
                          },
                          Thread::startVirtualThread))
              .toList();
      for (CompletableFuture<Void> call : calls) {
        call.get(120, TimeUnit.SECONDS);
      }

      assertThat(store.published()).hasSize(2);
      assertThat(store.meters().counter("rookery.store.retries").count()).isPositive();
    }
  }

  @Test
  void locksHeadsOfStreamsByName() throws Exception {
    try (var store = TestStore.open(Databases.postgres(), NoteEvent.TYPES)) {
      for (String name : List.of("a", "b", "c")) {
        store.database().write(tx -> tx.append("note:" + name, new NoteEvent.Noted("first", 1)));
      }
      var both = new AtomicReference<CompletableFuture<Void>>();
      store
          .database()
          .write(
              tx -> {
                tx.run("SELECT head FROM stream WHERE name = 'note:b' FOR UPDATE");
                both.set(
                    CompletableFuture.runAsync(
                        () ->
                            store
                                .database()
                                .write(
                                    other ->
                                        Stream.of("c", "b", "a")
                                            .map(name -> appendNote(other, name))
                                            .toList()),
                        Thread::startVirtualThread));
                Eventually.holds(() -> freeHeads(store).equals(List.of("note:c")));
                return null;
              });
      both.get().get(120, TimeUnit.SECONDS);

      assertThat(freeHeads(store)).containsExactly("note:a", "note:b", "note:c");
      assertThat(store.published()).hasSize(6);
    }
  }

  private static AppendResult appendNote(Transaction tx, String name) {
    return tx.append("note:" + name, new NoteEvent.Noted("second", 1));
  }

  /** The streams whose heads no transaction has locked. */
  private static List<String> freeHeads(TestStore store) {
    return store
        .database()
        .write(tx -> tx.run("SELECT name FROM stream ORDER BY name FOR UPDATE SKIP LOCKED"))
        .all(row -> row.text("name"));
  }

  @Test
  void migratesFromSeveralNodesAtOnce() {
    try (var database = Databases.emptyPostgres()) {
      var nodes =
          IntStream.range(0, 4)
              .mapToObj(
                  _ ->
                      CompletableFuture.supplyAsync(
                          () -> TestStore.open(database.shared(), NoteEvent.TYPES)))
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
  void refusesCallsDuringOutageAndRecovers() throws Exception {
    try (var database = Databases.postgres();
        var proxy = DatabaseProxy.start(database);
        var store = TestStore.open(proxy.testDatabase(), NoteEvent.TYPES)) {
      store.database().write(tx -> tx.run(INSERT, 1));

      proxy.cut();
      assertThatThrownBy(() -> store.database().read(COUNT)).hasMessage("store_unavailable");
      assertThatThrownBy(() -> store.database().write(tx -> tx.run(INSERT, 2)))
          .hasMessage("store_unavailable");

      proxy.restore();
      store.database().write(tx -> tx.run(INSERT, 3));
      assertThat(store.database().read(COUNT).row(0).number("found")).isEqualTo(2);
    }
  }

  @Test
  void refusesCallsWhileCutOffAndRecoversByItself() throws Exception {
    try (var store = TestStore.open(Databases.postgres(), NoteEvent.TYPES)) {
      Database database = store.database();
      database.write(tx -> tx.run(INSERT, 1));
      var begun = new CountDownLatch(1);
      var slow =
          CompletableFuture.supplyAsync(
              () ->
                  database.write(
                      tx -> {
                        tx.run(INSERT, 2);
                        begun.countDown();
                        return tx.run("SELECT pg_sleep(3)");
                      }),
              Thread::startVirtualThread);
      assertThat(begun.await(120, TimeUnit.SECONDS)).isTrue();

      store.store().cutOff(Duration.ofHours(1));
      assertThatThrownBy(() -> slow.get(120, TimeUnit.SECONDS))
          .hasRootCauseMessage("store_unavailable");
      for (Database each :
          List.of(database, store.store().heartbeatDatabase(), store.store().readLane())) {
        assertThatThrownBy(() -> each.read(COUNT)).hasMessage("store_unavailable");
      }
      assertThatThrownBy(() -> database.write(tx -> appendNote(tx, "a")))
          .hasMessage("store_unavailable");
      assertThatThrownBy(() -> store.store().check()).hasMessage("store_unavailable");
      assertThat(store.meters().get("rookery.store.cut").gauge().value()).isEqualTo(1);
      assertThat(store.published()).isEmpty();
    }
  }

  @Test
  void reachesDatabaseAgainWhenCutHasEnded() throws Exception {
    try (var store = TestStore.open(Databases.postgres(), NoteEvent.TYPES)) {
      Database database = store.database();
      store.store().cutOff(Duration.ofMillis(200));
      Eventually.holds(
          () -> {
            try {
              database.write(tx -> appendNote(tx, "a"));
              return true;
            } catch (Refused refused) {
              assertThat(refused).hasMessage("store_unavailable");
              return false;
            }
          });
      assertThat(store.meters().get("rookery.store.cut").gauge().value()).isZero();
      Eventually.holds(() -> store.published().size() == 1);
      store.store().check();
    }
  }

  @Test
  void leavesNothingWhenConnectionBreaks() throws Exception {
    try (var database = Databases.postgres();
        var proxy = DatabaseProxy.start(database);
        var store = TestStore.open(proxy.testDatabase(), NoteEvent.TYPES)) {
      assertThatThrownBy(
              () ->
                  store
                      .database()
                      .write(
                          tx -> {
                            tx.run(INSERT, 1);
                            tx.append("note:1", new NoteEvent.Noted("n", 1));
                            proxy.cut();
                            return tx.run(INSERT, 2);
                          }))
          .hasMessage("store_unavailable");

      proxy.restore();
      assertThat(store.database().read(COUNT).row(0).number("found")).isZero();
      assertThat(store.published()).isEmpty();
    }
  }

  @Test
  void publishesLaterWhenCommitReplyIsLost() throws Exception {
    try (var database = Databases.postgres();
        var proxy = DatabaseProxy.start(database);
        var store = TestStore.open(proxy.testDatabase(), NoteEvent.TYPES)) {
      assertThatThrownBy(
              () ->
                  store
                      .database()
                      .write(
                          tx -> {
                            tx.run(INSERT, 1);
                            tx.append("note:1", new NoteEvent.Noted("lost reply", 1));
                            proxy.loseCommitAfter("lost reply");
                            return null;
                          }))
          .hasMessage("store_unavailable");
      assertThat(store.published()).isEmpty();

      proxy.restore();
      assertThat(store.database().read(COUNT).row(0).number("found")).isEqualTo(1);
      store.store().runMaintenanceNow();
      assertThat(store.published()).hasSize(1);
      store.store().runMaintenanceNow();
      assertThat(store.published()).hasSize(1);
    }
  }

  @Test
  void waitsForDiskWhereServerWouldNot(@TempDir Path folder) {
    var settings =
        Map.of(
            "synchronous_commit", "off",
            "wal_writer_delay", "10000",
            "wal_writer_flush_after", "2147483647");
    try (var server = PostgresServer.start(folder.resolve("data"), settings);
        var store = TestStore.open(server.testDatabase())) {
      long written =
          store
              .database()
              .write(
                  tx -> {
                    tx.run(INSERT, 1);
                    return tx.run("SELECT " + bytes("pg_current_wal_insert_lsn()") + " AS place")
                        .row(0)
                        .number("place");
                  });

      assertThat(server.count("SELECT " + bytes("pg_current_wal_flush_lsn()")))
          .isGreaterThan(written);
    }
  }

  private static String bytes(String place) {
    return "CAST(pg_wal_lsn_diff(" + place + ", '0/0') AS BIGINT)";
  }

  private static void awaitBarrier(CyclicBarrier barrier) {
    try {
      barrier.await(120, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
