package dev.rookery.console;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.cluster.Membership;
import dev.rookery.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the backups of this node, one at a time, on a platform thread: copying holds the thread
 * that does it. A copy counts when it was opened and checked; what is no copy is removed.
 */
final class BackupRunner {
  private static final Logger LOG = LoggerFactory.getLogger(BackupRunner.class);
  private static final int KEPT_MAX = 1_000;
  private static final int PROBLEM_MAX = 1_000;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Database database;
  private final BackupStore backups;
  private final Membership membership;
  private final InstantSource clock;
  private final BackupTool tool;
  private final BackupVerticle.Settings settings;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile @Nullable Path writing;
  private volatile long expected;

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
  }

  /** Begins what is due on this node, if anything; does not block. */
  void runSoon() {
    if (running.compareAndSet(false, true)) {
      Thread.ofPlatform().name("rookery-backup").daemon().start(this::run);
    }
  }

  /** How many bytes of a copy are written; -1 while none is. */
  long written() {
    Path file = writing;
    if (file == null) {
      return -1;
    }
    try {
      Path part = file.resolveSibling(file.getFileName() + ".part");
      return Files.size(Files.exists(part) ? part : file);
    } catch (IOException _) {
      return 0;
    }
  }

  /** About how many bytes the copy has that is being written. */
  long expected() {
    return expected;
  }

  private void run() {
    try {
      Long backup =
          database.write(tx -> backups.begin(tx, settings.node(), membership.run())).orElse(null);
      if (backup != null) {
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
      running.set(false);
    }
  }

  private void make(long backup) {
    String suffix = tool.kind().equals("sqlite") ? ".db" : ".dump";
    Path file =
        settings
            .folder()
            .resolve("backup-" + STAMP.format(clock.instant()) + "-" + backup + suffix);
    writing = file;
    expected = tool.expectedBytes();
    List<Path> files;
    long bytes = 0;
    try {
      files = tool.write(file);
      tool.verify(files);
      for (Path one : files) {
        bytes += Files.size(one);
      }
    } catch (IllegalStateException | IOException failure) {
      LOG.warn("the backup {} failed: {}", file, failure.getMessage());
      count("failed");
      String problem = String.valueOf(failure.getMessage());
      write(
          backup,
          problem.length() > PROBLEM_MAX ? problem.substring(0, PROBLEM_MAX) : problem,
          List.of(),
          0);
      return;
    }
    LOG.info("backed up to {}, {} bytes", file, bytes);
    count("done");
    List<String> names = files.stream().map(one -> one.getFileName().toString()).toList();
    if (!write(backup, "", names, bytes)) {
      // The others took this node for dead meanwhile, and the backup for failed.
      deleteFiles(names);
    }
  }

  private void count(String outcome) {
    database.registry().counter("rookery.backups", "outcome", outcome).increment();
  }

  /** False if the backup was ended by others. */
  private boolean write(long backup, String problem, List<String> files, long bytes) {
    return database.write(
        tx -> {
          if (problem.isEmpty()) {
            return backups.done(tx, backup, files, bytes);
          }
          backups.failed(tx, backup, problem);
          return true;
        });
  }

  /** Removes the oldest ones of this node over the number and the size; the newest one stays. */
  private void removeOld() {
    long bytes = 0;
    int kept = 0;
    for (Backup backup : backups.keptBy(database, settings.node(), KEPT_MAX)) {
      bytes += backup.bytes();
      kept++;
      if (kept > 1 && (kept > settings.keptMax() || bytes > settings.bytesMax())) {
        LOG.info("removing the old backup {}", backup.files());
        deleteFiles(backup.files());
        database.write(tx -> backups.delete(tx, backup.id()));
      }
    }
  }

  /** Deletes files of a backup of this node. */
  void deleteFiles(List<String> names) {
    for (String name : names) {
      try {
        Files.deleteIfExists(settings.folder().resolve(name));
      } catch (IOException failure) {
        LOG.warn("the backup {} cannot be deleted: {}", name, failure.toString());
      }
    }
  }
}
