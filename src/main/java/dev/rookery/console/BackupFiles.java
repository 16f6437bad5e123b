package dev.rookery.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder in which a node keeps its backups. What cannot be deleted is logged. */
final class BackupFiles {
  private static final Logger LOG = LoggerFactory.getLogger(BackupFiles.class);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern FINISHED =
      Pattern.compile("backup-\\d{8}-\\d{6}-\\d+\\.[\\w.-]+(?<!\\.part)");
  private static final Pattern UNFINISHED =
      Pattern.compile("backup-\\d{8}-\\d{6}-\\d+\\..*\\.part(-\\w+)?");

  private final Path folder;

  BackupFiles(Path folder) {
    this.folder = folder;
  }

  /** The name of the file of a new backup; those of the tables of extensions begin with it. */
  Path place(Instant now, long backup, String suffix) {
    return folder.resolve("backup-" + STAMP.format(now) + "-" + backup + suffix);
  }

  /** A finished file of a backup by its name, if it is there. */
  Optional<Path> find(String name) {
    return Optional.of(name)
        .filter(FINISHED.asMatchPredicate())
        .map(one -> folder.resolve(one).toAbsolutePath())
        .filter(Files::isRegularFile);
  }

  /** How many bytes of a copy are written. */
  static long written(Path file) {
    try {
      Path part = file.resolveSibling(file.getFileName() + ".part");
      return Files.size(Files.exists(part) ? part : file);
    } catch (IOException _) {
      return 0;
    }
  }

  void delete(List<String> names) {
    names.forEach(name -> delete(folder.resolve(name)));
  }

  /**
   * Deletes all files of a backup by its place, finished or not. Not by its id: a database that was
   * restored gives the ids of later backups again, whose files are kept.
   */
  void deleteAllOf(Path place) {
    String name = place.getFileName().toString();
    deleteAll(found -> found.equals(name) || found.startsWith(name + "."));
  }

  /** Deletes what was being written when a process ended; nothing is written meanwhile. */
  void deleteUnfinished() {
    deleteAll(UNFINISHED.asMatchPredicate());
  }

  private void deleteAll(Predicate<String> isMeant) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(file -> isMeant.test(file.getFileName().toString())).forEach(this::delete);
    } catch (IOException failure) {
      LOG.warn("the folder of backups {} cannot be read: {}", folder, failure.toString());
    }
  }

  private void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      LOG.warn("the backup {} cannot be deleted: {}", file, failure.toString());
    }
  }
}
