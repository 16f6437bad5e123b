package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.bus.CommandScope;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The promises of the reads of admins, on both databases. */
final class ReadLaneTest {
  private static final String STORES = "dev.rookery.testkit.Databases#all";

  /** Takes longer than any timeout. */
  private static final String ENDLESS =
      """
      WITH RECURSIVE numbers(n) AS (
        SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000000000)
      SELECT COUNT(*) AS total FROM numbers
      """;

  private static RecordedDatabase recorded(TestStore store) {
    return new RecordedDatabase(store.database(), store.store().readLane(), (_, _) -> {});
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void stopsAReadOfItsScopeAndNamesTheBound(TestStore store) {
    RecordedDatabase database = recorded(store);

    assertThatThrownBy(() -> CommandScope.call(ReadLaneScope.SCOPE, () -> database.read(ENDLESS)))
        .isInstanceOf(Refused.class)
        .hasMessage("read_timeout");
    assertThat(store.meters().counter("rookery.store.lane.refused", "code", "read_timeout").count())
        .isEqualTo(1);
    // It says nothing about the game.
    assertThat(store.meters().find("rookery.store.refused").counter()).isNull();
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void leavesOtherReadsTheirConnectionsWhileItsOwnAreTaken(TestStore store) throws Exception {
    RecordedDatabase database = recorded(store);
    List<CompletableFuture<Rows>> slow = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      slow.add(inLane(database, ENDLESS));
    }
    int meanwhile = 0;
    for (int i = 0; i < 200; i++) {
      assertThat(database.read("SELECT 1 AS one").row(0).number("one")).isEqualTo(1);
      meanwhile += slow.stream().allMatch(CompletableFuture::isDone) ? 0 : 1;
    }
    assertThat(meanwhile).isPositive();
    for (CompletableFuture<Rows> read : slow) {
      assertThatThrownBy(read::get)
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("read_");
    }
    assertThat(inLane(database, "SELECT 2 AS two").get().row(0).number("two")).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void refusesReadsBeyondThoseThatMayWait(TestStore store) {
    RecordedDatabase database = recorded(store);
    List<CompletableFuture<Rows>> reads = new ArrayList<>();
    for (int i = 0; i < ReadLane.CONNECTIONS + ReadLane.PENDING_MAX + 20; i++) {
      reads.add(inLane(database, ENDLESS));
    }

    Eventually.holds(() -> reads.stream().anyMatch(ReadLaneTest::isRefusedAsBusy));
    reads.forEach(read -> read.cancel(true));
  }

  @Test
  void refusesReadsThatWaitWhenItIsClosed() {
    try (var store = TestStore.open(Databases.sqlite())) {
      RecordedDatabase database = recorded(store);
      List<CompletableFuture<Rows>> reads = new ArrayList<>();
      for (int i = 0; i < 5 * ReadLane.CONNECTIONS; i++) {
        reads.add(inLane(database, ENDLESS));
      }
      store.closeStore();

      for (CompletableFuture<Rows> read : reads) {
        assertThatThrownBy(() -> read.get(2, TimeUnit.MINUTES))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(Refused.class);
      }
    }
  }

  private static boolean isRefusedAsBusy(CompletableFuture<Rows> read) {
    return read.isCompletedExceptionally()
        && read.exceptionNow() instanceof Refused refused
        && refused.refusal().code().equals("read_busy");
  }

  private static CompletableFuture<Rows> inLane(RecordedDatabase database, String sql) {
    var read = new CompletableFuture<Rows>();
    Thread.startVirtualThread(
        () -> {
          try {
            read.complete(CommandScope.call(ReadLaneScope.SCOPE, () -> database.read(sql)));
          } catch (RuntimeException failure) {
            read.completeExceptionally(failure);
          }
        });
    return read;
  }
}
