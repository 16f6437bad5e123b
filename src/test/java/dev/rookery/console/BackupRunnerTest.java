package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.console.Backup.State;
import dev.rookery.store.Database;
import dev.rookery.store.DelegatingDatabase;
import dev.rookery.store.Transaction;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Backups of a node whose copies fail, and those that it removes, on both databases. */
final class BackupRunnerTest {
  private static final String NODE = "ann";
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path folder;
  private final BackupStore backups = new BackupStore();
  private final CopyTool tool = new CopyTool();

  /** Writes copies of a given size, or a part of one before it fails. */
  private static final class CopyTool implements BackupTool {
    volatile int size = 10;
    volatile boolean broken;

    @Override
    public String kind() {
      return "sqlite";
    }

    @Override
    public boolean isAvailable() {
      return true;
    }

    @Override
    public long expectedBytes() {
      return size;
    }

    @Override
    public List<Path> write(Path file) {
      try {
        Files.write(file, new byte[size]);
        if (broken) {
          Files.write(file.resolveSibling(file.getFileName() + ".x_game.db.part"), new byte[1]);
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      return List.of(file);
    }

    @Override
    public void verify(List<Path> files) {
      if (broken) {
        throw new IllegalArgumentException("the disk is broken");
      }
    }
  }

  /** Refuses one write, some writes later. */
  private static final class RefusingDatabase extends DelegatingDatabase {
    private final AtomicInteger writesBefore = new AtomicInteger(Integer.MAX_VALUE);

    RefusingDatabase(Database database) {
      super(database);
    }

    @Override
    public <T> T write(Function<Transaction, T> work) {
      if (writesBefore.getAndDecrement() == 0) {
        throw new Refused(new Refusal.Unavailable("store_unavailable"));
      }
      return super.write(work);
    }
  }

  private BackupRunner runner(TestStore store, Database database, long bytesMax) {
    return new BackupRunner(
        database,
        backups,
        TestClusterMember.join(store, NODE).membership(),
        store.clock(),
        tool,
        new BackupVerticle.Settings(NODE, folder, null, 5, bytesMax));
  }

  /** Asks for a backup as the schedule does, and has it made. */
  private long backUp(TestStore store, BackupRunner runner, State expected) {
    long id = ask(store);
    Eventually.holds(
        () -> {
          runner.runSoon();
          return backups.find(store.database(), id).orElseThrow().state() == expected;
        });
    return id;
  }

  private long ask(TestStore store) {
    return store.database().write(tx -> backups.insert(tx, NODE, "sqlite", null)).orElseThrow();
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void makesTheNextBackupAfterItsEndCouldNotBeStored(TestStore store) {
    var database = new RefusingDatabase(store.database());
    var runner = runner(store, database, 1_000);
    long lost = ask(store);
    database.writesBefore.set(1);
    Eventually.holds(
        () -> {
          runner.runSoon();
          return backups.find(store.database(), lost).orElseThrow().state() == State.FAILED;
        });
    Backup failed = backups.find(store.database(), lost).orElseThrow();
    assertThat(failed.problem()).isEqualTo("it was interrupted");
    Eventually.holds(() -> files().isEmpty());

    backUp(store, runner, State.DONE);
    assertThat(files()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void leavesNothingOfFailedBackupsButTheLatestRows(TestStore store) {
    var runner = runner(store, store.database(), 1_000);
    long good = backUp(store, runner, State.DONE);
    store.clock().advance(DAY);
    assertThat(isScheduleDue(store)).isTrue();

    tool.broken = true;
    long last = 0;
    for (int i = 0; i < 23; i++) {
      last = backUp(store, runner, State.FAILED);
    }
    assertThat(backups.find(store.database(), last).orElseThrow().problem())
        .isEqualTo("the disk is broken");
    Eventually.holds(() -> backups.list(store.database(), 100).size() == 21);
    assertThat(backups.find(store.database(), good)).isPresent();
    assertThat(files()).hasSize(1);

    assertThat(isScheduleDue(store)).isFalse();
    store.clock().advance(Duration.ofHours(1));
    assertThat(isScheduleDue(store)).isTrue();
  }

  private boolean isScheduleDue(TestStore store) {
    return backups.isScheduleDue(store.database(), store.clock().millis(), DAY);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void removesFilesOfBackupsThatWereDeletedWhileItWasAway(TestStore store) {
    var runner = runner(store, store.database(), 1_000);
    Backup kept = find(store, backUp(store, runner, State.DONE));
    Backup deleted = find(store, backUp(store, runner, State.DONE));
    Eventually.holds(() -> files().size() == 2);
    store
        .database()
        .write(
            tx -> {
              Backup gone = backups.delete(tx, deleted.id()).orElseThrow();
              assertThat(gone).isEqualTo(deleted);
              backups.removeFiles(tx, gone);
              return Done.DONE;
            });

    assertThat(backups.isDue(store.database(), "bob")).isFalse();
    assertThat(backups.isDue(store.database(), NODE)).isTrue();
    Eventually.holds(
        () -> {
          runner.runSoon();
          return files().size() == 1;
        });
    assertThat(files().getFirst().getFileName()).hasToString(kept.files().getFirst());
    Eventually.holds(() -> !backups.isDue(store.database(), NODE));
    var runs = backups.lastRuns(store.database());
    assertThat(runs.goodMs()).isEqualTo(kept.endedMs());
  }

  private Backup find(TestStore store, long backup) {
    return backups.find(store.database(), backup).orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void keepsOldBackupsThatFitBesideTheNewest(TestStore store) {
    var runner = runner(store, store.database(), 100);
    tool.size = 15;
    long small = backUp(store, runner, State.DONE);
    tool.size = 80;
    long large = backUp(store, runner, State.DONE);
    tool.size = 30;
    long newest = backUp(store, runner, State.DONE);

    // Without the large one, which is over, the small one before it is not.
    Eventually.holds(() -> backups.find(store.database(), large).isEmpty());
    // The next one begins when the removal has ended.
    long last = backUp(store, runner, State.DONE);
    assertThat(backups.keptBy(store.database(), NODE, 10))
        .extracting(Backup::id)
        .containsExactly(last, newest, small);

    tool.size = 200;
    long huge = backUp(store, runner, State.DONE);
    Eventually.holds(() -> backups.keptBy(store.database(), NODE, 10).size() == 1);
    assertThat(files()).hasSize(1);
    assertThat(backups.keptBy(store.database(), NODE, 10))
        .extracting(Backup::id)
        .containsExactly(huge);
  }
}
