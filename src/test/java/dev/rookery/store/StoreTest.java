package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Refused;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of both databases. */
final class StoreTest {
  private static final String STORES = "dev.rookery.store.NoteEvent#stores";
  private static final String INSERT =
      "INSERT INTO idempotency (player_id, idem_key, command, answer, at_ms)"
          + " VALUES ($1, $2, $3, $4, $5)";

  /** A time in the future, so that the row is not deleted. */
  private static final long LATER = 4_000_000_000_000L;

  private static final String COUNT = "SELECT count(*) AS found FROM idempotency";

  @ParameterizedTest
  @MethodSource(STORES)
  void readsValuesAsWritten(TestStore store) {
    String text = "O'Neill \"$1\" ?1 \\ żółw 🐢\n";
    store.database().write(tx -> tx.run(INSERT, Long.MAX_VALUE, text, "", null, LATER));

    Row row =
        store
            .database()
            .read("SELECT * FROM idempotency WHERE idem_key = $1 AND at_ms = $2", text, LATER)
            .row(0);

    assertThat(row.number("player_id")).isEqualTo(Long.MAX_VALUE);
    assertThat(row.text("idem_key")).isEqualTo(text);
    assertThat(row.text("command")).isEmpty();
    assertThat(row.textOrNull("answer")).isNull();
    assertThat(row.number("at_ms")).isEqualTo(LATER);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void rollsBackRowsEventsAndOffsetsOnException(TestStore store) {
    assertThatThrownBy(
            () ->
                store
                    .database()
                    .write(
                        tx -> {
                          tx.run(INSERT, 1, "k", "c", null, LATER);
                          tx.append("note:1", new NoteEvent.Noted("lost", 1));
                          throw Refused.conflict("refused_by_test");
                        }))
        .isInstanceOf(Refused.class)
        .hasMessage("refused_by_test");
    append(store, "note:1", 2);

    assertThat(count(store)).isZero();
    assertThat(numbers(store.published())).containsExactly(2L);
    assertThat(store.published().getFirst().position().offset()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void publishesEventsAfterCommitAndBeforeReturning(TestStore store) {
    store
        .database()
        .write(
            tx -> {
              tx.append("note:1", new NoteEvent.Noted("a", 1));
              tx.append("note:2", new NoteEvent.Noted("b", 2));
              tx.append("note:1", new NoteEvent.Noted("c", 3));
              tx.run(INSERT, 1, "k", "c", null, LATER);
              assertThat(store.published()).isEmpty();
              return null;
            });

    assertThat(numbers(store.published())).containsExactly(1L, 2L, 3L);
    assertThat(store.published().stream().map(event -> event.position().offset()))
        .containsExactly(1L, 1L, 2L);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void assignsOffsetsWithoutGapsUnderConcurrency(TestStore store) throws Exception {
    inParallel(
        40,
        caller -> {
          for (int i = 0; i < 20; i++) {
            long number = caller * 100L + i;
            boolean refuse = i % 7 == 3;
            try {
              store
                  .database()
                  .write(
                      tx -> {
                        // Two shared streams in either order, and a stream of its own.
                        tx.append("note:" + number % 2, new NoteEvent.Noted("x", number));
                        tx.append("note:" + (number + 1) % 2, new NoteEvent.Noted("y", number));
                        tx.append("own:" + caller, new NoteEvent.Noted("z", number));
                        if (refuse) {
                          throw Refused.conflict("no");
                        }
                        return null;
                      });
            } catch (Refused expected) {
              assertThat(refuse).isTrue();
            }
          }
        });

    int done = 40 * 17;
    for (String stream : List.of("note:0", "note:1")) {
      assertThat(offsets(store, stream)).isEqualTo(upTo(done));
    }
    for (int caller = 0; caller < 40; caller++) {
      assertThat(offsets(store, "own:" + caller)).isEqualTo(upTo(17));
    }
    assertThat(store.published()).hasSize(3 * done);
    assertThat(store.published().stream().distinct().count()).isEqualTo(3 * done);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void isolatesFailedUnitFromOthers(TestStore store) throws Exception {
    inParallel(
        60,
        caller -> {
          Runnable write =
              () ->
                  store
                      .database()
                      .write(
                          tx -> {
                            tx.run(INSERT, caller, "k", "c", null, LATER);
                            tx.append("note:1", new NoteEvent.Noted("n", caller));
                            switch (caller % 3) {
                              case 1 -> throw new IllegalStateException("broken");
                              case 2 -> tx.run(INSERT, caller, "k", "c", null, LATER);
                              default -> {}
                            }
                            return null;
                          });
          switch (caller % 3) {
            case 1 -> assertThatThrownBy(write::run).isInstanceOf(IllegalStateException.class);
            case 2 -> assertThatThrownBy(write::run).isInstanceOf(StatementException.class);
            default -> write.run();
          }
        });

    assertThat(count(store)).isEqualTo(20);
    assertThat(offsets(store, "note:1")).isEqualTo(upTo(20));
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void rollsBackAfterFailedStatementEvenIfCaught(TestStore store) {
    assertThatThrownBy(
            () ->
                store
                    .database()
                    .write(
                        tx -> {
                          tx.run(INSERT, 1, "k", "c", null, LATER);
                          try {
                            tx.run(INSERT, 1, "k", "c", null, LATER);
                          } catch (StatementException failed) {
                            assertThat(failed.isDuplicate()).isTrue();
                          }
                          return "done";
                        }))
        .isInstanceOf(StatementException.class);

    assertThat(count(store)).isZero();
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void repeatsAWriteThatMeetsADuplicate(TestStore store) {
    store.database().write(tx -> tx.run(INSERT, 1, "k1", "c", null, LATER));
    var tries = new AtomicInteger();

    int last =
        store
            .database()
            .writeRetryingDuplicates(
                3,
                tx -> {
                  int number = tries.incrementAndGet();
                  tx.append("note:1", new NoteEvent.Noted("n", number));
                  tx.run(INSERT, 1, "k" + number, "c", null, LATER);
                  return number;
                });

    assertThat(last).isEqualTo(2);
    assertThat(numbers(store.published())).containsExactly(2L);
    assertThat(count(store)).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void repeatsADuplicateNoMoreThanAllowedAndOtherFailuresNever(TestStore store) {
    store.database().write(tx -> tx.run(INSERT, 1, "k", "c", null, LATER));

    assertThat(triesOf(store, tx -> tx.run(INSERT, 1, "k", "c", null, LATER))).isEqualTo(3);
    assertThat(triesOf(store, tx -> tx.run("no sql"))).isEqualTo(1);
    assertThat(count(store)).isEqualTo(1);
  }

  private static int triesOf(TestStore store, Consumer<Transaction> failing) {
    var tries = new AtomicInteger();
    assertThatThrownBy(
            () ->
                store
                    .database()
                    .writeRetryingDuplicates(
                        3,
                        tx -> {
                          tries.incrementAndGet();
                          failing.accept(tx);
                          return "done";
                        }))
        .isInstanceOf(StatementException.class);
    return tries.get();
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void showsWriteToOthersAndAfterReopening(TestStore store) {
    append(store, "note:1", 1);
    assertThatThrownBy(() -> store.database().write(tx -> tx.run("no sql")))
        .isInstanceOf(StatementException.class);
    store.database().write(tx -> tx.run(INSERT, 1, "k", "c", null, LATER));

    assertThat(count(store)).isEqualTo(1);
    store.reopen();
    assertThat(count(store)).isEqualTo(1);
    assertThat(offsets(store, "note:1")).containsExactly(1L);
    append(store, "note:1", 2);
    assertThat(offsets(store, "note:1")).containsExactly(1L, 2L);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void refusesSchemaWhoseHistoryNamesAnotherMigration(TestStore store) {
    store.database().write(tx -> change(tx, "checksum = checksum + 1"));

    // The history before this change was accepted, and would be without asking Flyway.
    assertThatThrownBy(() -> Migrations.run(store.location()))
        .hasMessageContaining("checksum mismatch");
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void refusesSchemaWithFailedMigration(TestStore store) {
    store.database().write(tx -> change(tx, "success = NOT success"));

    assertThatThrownBy(() -> Migrations.run(store.location()))
        .hasMessageContaining("failed migration");
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void appliesMigrationThatIsOlderThanTheLastOne(TestStore store) {
    store
        .database()
        .write(
            tx -> {
              tx.run("DROP INDEX console_audit_by_target");
              return tx.run("DELETE FROM flyway_schema_history WHERE version = '0178'");
            });

    Migrations.run(store.location());

    // There is an index to drop again.
    store.database().write(tx -> tx.run("DROP INDEX console_audit_by_target"));
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void acceptsSchemaWithMigrationOfLaterRelease(TestStore store) {
    store
        .database()
        .write(
            tx ->
                tx.run(
                    "INSERT INTO flyway_schema_history (installed_rank, version, description, type,"
                        + " script, checksum, installed_by, execution_time, success) VALUES (9999,"
                        + " '0101.5', 'later', 'SQL', 'V0101_5__later.sql', 1, 'later', 1, 1 ="
                        + " 1)"));

    Migrations.run(store.location());
  }

  private static int change(Transaction tx, String change) {
    return tx.run(
            "UPDATE flyway_schema_history SET "
                + change
                + " WHERE version = '0010' RETURNING version")
        .size();
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void isolatesUncommittedChanges(TestStore store) {
    store
        .database()
        .write(
            tx -> {
              tx.run(INSERT, 1, "k", "c", null, LATER);
              assertThat(tx.read(COUNT).row(0).number("found")).isEqualTo(1);
              var others = CompletableFuture.supplyAsync(() -> count(store));
              assertThat(others.join()).isZero();
              return null;
            });
    assertThat(count(store)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void refusesUseOfEndedTransaction(TestStore store) {
    Transaction kept = store.database().write(tx -> tx);

    assertThatThrownBy(() -> kept.run(COUNT)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> kept.append("note:1", new NoteEvent.Noted("late", 1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void refusesCallsOnEventLoop(TestStore store) throws Exception {
    Promise<Object> seen = Promise.promise();
    store
        .vertx()
        .runOnContext(
            _ -> {
              try {
                seen.complete(store.database().read(COUNT));
              } catch (RuntimeException refused) {
                seen.fail(refused);
              }
            });

    assertThatThrownBy(() -> seen.future().toCompletionStage().toCompletableFuture().get())
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void stopsSlowStatement(Databases.TestDatabase database) {
    String endless =
        """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT (i + 1) % 1000 FROM n)
        SELECT count(*) AS found FROM n
        """;
    try (var store =
        TestStore.open(database.shared(), withShortTimeouts(database.config()), NoteEvent.TYPES)) {
      assertThatThrownBy(() -> store.database().read(endless)).hasMessage("store_timeout");
      assertThatThrownBy(() -> store.database().write(tx -> tx.run(endless)))
          .hasMessage("store_timeout");
      append(store, "note:1", 1);
      assertThat(offsets(store, "note:1")).containsExactly(1L);
    }
  }

  private static StoreConfig withShortTimeouts(StoreConfig defaults) {
    return new StoreConfig(
        defaults.location(),
        2,
        2,
        Duration.ofMillis(300),
        defaults.connectTimeout(),
        defaults.historyRetention(),
        defaults.historyEventsMax(),
        defaults.idempotencyRetention(),
        defaults.streamRetention(),
        defaults.unreadRetention());
  }

  private static void append(TestStore store, String stream, long number) {
    store
        .database()
        .write(
            tx -> {
              tx.append(stream, new NoteEvent.Noted("n", number));
              return null;
            });
  }

  private static long count(TestStore store) {
    return store.database().read(COUNT).row(0).number("found");
  }

  private static List<Long> offsets(TestStore store, String stream) {
    return store
        .database()
        .read("SELECT seq_offset FROM outbox WHERE stream = $1 ORDER BY seq_offset", stream)
        .all(row -> row.number("seq_offset"));
  }

  private static List<Long> upTo(int last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  private static List<Long> numbers(List<CommittedEvent> events) {
    return events.stream().map(event -> ((NoteEvent.Noted) event.event()).number()).toList();
  }

  private interface Caller {
    void call(int number) throws Exception;
  }

  /** Runs all callers at once, each on a virtual thread of its own. */
  private static void inParallel(int callers, Caller caller) throws Exception {
    var go = new CountDownLatch(1);
    var ends = new ArrayList<CompletableFuture<Void>>();
    IntStream.range(0, callers)
        .forEach(
            number -> {
              var end = new CompletableFuture<Void>();
              ends.add(end);
              Thread.startVirtualThread(
                  () -> {
                    try {
                      go.await();
                      caller.call(number);
                      end.complete(null);
                    } catch (Throwable failure) {
                      end.completeExceptionally(failure);
                    }
                  });
            });
    go.countDown();
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
  }
}
