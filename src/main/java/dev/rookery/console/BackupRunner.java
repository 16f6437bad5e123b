package dev.rookery.console;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.cluster.Membership;
import dev.rookery.console.BackupStore.Removal;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the backups of this node, one at a time, on a platform thread: copying holds the thread
 * that does it. A copy counts when it was opened and checked; what is no copy is removed. A backup
 * whose end could not be stored has failed, and is ended before the next one begins.
 */
final class BackupRunner {
  private static final Logger LOG = LoggerFactory.getLogger(BackupRunner.class);
  private static final int LISTED_MAX = 2_000;
  private static final int REMOVED_AT_ONCE = 100;
  private static final int FAILED_KEPT_MAX = 20;
  private static final int PROBLEM_MAX = 1_000;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

  private final Database database;
  private final BackupStore backups;
  private final Membership membership;
  private final InstantSource clock;
  private final BackupTool tool;
  private final BackupVerticle.Settings settings;
  private final BackupFiles folder;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile @Nullable Thread worker;
  private volatile boolean stopping;
  private volatile @Nullable Path writing;
  private volatile long expected;
  // What this process has written last, until the end of it is stored.
  private @Nullable Unended unended;

  private record Unended(long backup, Path place) {}

  /** What was ended in a transaction, and what it has begun. */
  private record Begun(List<Long> interrupted, @Nullable Long backup) {}

  BackupRunner(
      Database database,
      BackupStore backups,
      Membership membership,
      InstantSource clock,
      BackupTool tool,
      BackupVerticle.Settings settings) {
    this.database = database;
    this.backups = backups;
    this.membership = membership;
    this.clock = clock;
    this.tool = tool;
    this.settings = settings;
    this.folder = new BackupFiles(settings.folder());
  }

  /** Begins what is due on this node, if anything; does not block. */
  void runSoon() {
    if (!stopping && running.compareAndSet(false, true)) {
      Thread.ofVirtual().name("backup").start(this::look);
    }
  }

  /**
   * Ends the copy that is being made, with the process that makes it. One by the engine of SQLite
   * ends at the latest with this process.
   */
  void stop() {
    stopping = true;
    Thread copying = worker;
    if (copying == null) {
      return;
    }
    copying.interrupt();
    try {
      if (!copying.join(STOP_WITHIN)) {
        LOG.info("a backup is left unfinished");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many bytes of a copy are written; -1 while none is. */
  long written() {
    Path file = writing;
    return file == null ? -1 : BackupFiles.written(file);
  }

  /** About how many bytes the copy has that is being written. */
  long expected() {
    return expected;
  }

  /** Most looks find nothing: they cost one read, and no thread of their own. */
  private void look() {
    boolean isDue = false;
    try {
      isDue = backups.isDue(database, settings.node());
    } catch (Refused unavailable) {
      LOG.debug("backups are looked for again: {}", unavailable.toString());
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("backups could not be looked for", failure);
    }
    if (!isDue || stopping) {
      running.set(false);
      return;
    }
    worker = Thread.ofPlatform().name("rookery-backup").daemon().start(this::run);
  }

  private void run() {
    try {
      removeFiles();
      Begun begun = database.write(this::begin);
      deleteInterrupted(begun.interrupted);
      Long backup = begun.backup;
      if (backup != null) {
        folder.deleteUnfinished();
        make(backup);
        removeOld();
      }
    } catch (Refused unavailable) {
      LOG.debug("the backup is tried again: {}", unavailable.toString());
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("the backup did not end well", failure);
    } finally {
      writing = null;
      worker = null;
      running.set(false);
    }
  }

  private Begun begin(Transaction tx) {
    long run = membership.run();
    List<Long> interrupted = backups.endInterrupted(tx, settings.node(), run);
    return new Begun(interrupted, backups.begin(tx, settings.node(), run).orElse(null));
  }

  private void deleteInterrupted(List<Long> interrupted) {
    Unended last = unended;
    unended = null;
    for (long backup : interrupted) {
      LOG.warn("the backup {} was interrupted", backup);
      count("failed");
      if (last != null && last.backup == backup) {
        folder.deleteAllOf(last.place);
      }
    }
  }

  private void make(long backup) {
    Path file =
        folder.place(clock.instant(), backup, tool.kind().equals("sqlite") ? ".db" : ".dump");
    unended = new Unended(backup, file);
    List<Path> files;
    long bytes = 0;
    try {
      expected = tool.expectedBytes();
      writing = file;
      files = tool.write(file);
      tool.verify(files);
      for (Path one : files) {
        bytes += Files.size(one);
      }
    } catch (RuntimeException | IOException failure) {
      FatalErrors.endIfFatal(failure);
      fail(backup, file, failure);
      return;
    }
    List<String> names = files.stream().map(one -> one.getFileName().toString()).toList();
    long size = bytes;
    if (database.write(tx -> backups.done(tx, backup, names, size))) {
      LOG.info("backed up to {}, {} bytes", file, bytes);
      count("done");
    } else {
      // The others took this node for dead meanwhile, and the backup for failed.
      folder.delete(names);
    }
    unended = null;
  }

  private void fail(long backup, Path file, Exception failure) {
    // The store is asked once more, also when the node stops.
    boolean _ = Thread.interrupted();
    folder.deleteAllOf(file);
    String problem = problem(failure);
    LOG.warn("the backup {} failed: {}", file, problem);
    count("failed");
    database.write(
        tx -> {
          backups.failed(tx, backup, problem);
          return Done.DONE;
        });
    unended = null;
  }

  private static String problem(Exception failure) {
    String problem =
        failure instanceof Refused refused
            ? refused.refusal().code()
            : Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
    return problem.length() > PROBLEM_MAX ? problem.substring(0, PROBLEM_MAX) : problem;
  }

  private void count(String outcome) {
    database.registry().counter("rookery.backups", "outcome", outcome).increment();
  }

  /**
   * Removes the oldest ones of this node over the number and the size; the newest one stays. Those
   * that are removed count no more. Of those that failed, the newest few stay, to be read.
   */
  private void removeOld() {
    long bytes = 0;
    int kept = 0;
    for (Backup backup : backups.keptBy(database, settings.node(), LISTED_MAX)) {
      boolean isOver = kept >= settings.keptMax() || bytes + backup.bytes() > settings.bytesMax();
      if (kept > 0 && isOver) {
        LOG.info("removing the old backup {}", backup.files());
        folder.delete(backup.files());
        database.write(tx -> backups.delete(tx, backup.id()));
      } else {
        bytes += backup.bytes();
        kept++;
      }
    }
    database.write(
        tx -> {
          backups.deleteFailed(tx, settings.node(), FAILED_KEPT_MAX);
          return Done.DONE;
        });
  }

  /**
   * Removes files of backups that were deleted. What cannot be removed is logged, and not tried
   * again; while the database is unavailable, all wait for the next look.
   */
  void removeFiles() {
    try {
      removeDeleted();
    } catch (Refused unavailable) {
      LOG.debug("files of deleted backups are removed later: {}", unavailable.toString());
    }
  }

  private void removeDeleted() {
    List<Removal> removals;
    do {
      removals = backups.removals(database, settings.node(), REMOVED_AT_ONCE);
      List<Removal> removed = removals;
      folder.delete(removed.stream().map(Removal::file).toList());
      if (!removed.isEmpty()) {
        database.write(
            tx -> {
              backups.removed(tx, removed);
              return Done.DONE;
            });
      }
    } while (removals.size() == REMOVED_AT_ONCE);
  }
}
