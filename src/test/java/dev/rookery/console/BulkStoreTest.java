package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.console.BulkJob.State;
import dev.rookery.store.Database;
import dev.rookery.testkit.TestStore;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs of admins as rows, on both databases. */
final class BulkStoreTest {
  private final BulkStore jobs = new BulkStore();

  private long cancelledJob(Database database, int size) {
    return database.write(
        tx -> {
          var select = new BulkCommand.Select(new PlayerId(1), "/admin/kv", "kv.delete", "");
          long job = jobs.insert(tx, select).orElseThrow();
          assertThat(jobs.grow(tx, job, size)).contains((long) size);
          jobs.addRows(tx, job, 0, LongStream.rangeClosed(1, size).boxed().toList());
          jobs.finish(tx, job, State.CANCELLED, "");
          return job;
        });
  }

  private List<BulkJob.Row> rows(Database database, long job) {
    return jobs.rows(database, new BulkCommand.ListRows(job, null, 0, 10));
  }

  private boolean sweep(Database database, long beforeMs) {
    return database.write(tx -> jobs.sweep(tx, beforeMs)) >= 0;
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void removesTheRowsOfAnOldJobInParts(TestStore store) {
    Database database = store.database();
    long job = cancelledJob(database, BulkStore.SWEPT_MAX + 3);

    assertThat(sweep(database, 0)).isFalse();
    assertThat(sweep(database, Long.MAX_VALUE)).isTrue();
    assertThat(rows(database, job)).hasSize(3);
    assertThat(jobs.find(database, job)).isPresent();

    while (sweep(database, Long.MAX_VALUE)) {
      // Until none is left.
    }
    assertThat(rows(database, job)).isEmpty();
    assertThat(jobs.find(database, job)).isEmpty();
  }
}
