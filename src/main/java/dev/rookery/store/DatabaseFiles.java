package dev.rookery.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the open database file, its write-ahead log and the index of that log are still
 * those at their paths. SQLite writes to open files: after one was removed or replaced, what it
 * commits is gone with the process.
 *
 * <p>Only asks the file system about the paths. The files are never opened: closing a second
 * descriptor would drop the locks of the process on them.
 */
final class DatabaseFiles {
  private final List<Path> paths;
  private final ConcurrentMap<Path, Object> keys = new ConcurrentHashMap<>();

  /**
   * @param database its real path; the connection is open
   */
  DatabaseFiles(Path database) {
    this.paths =
        List.of(
            database,
            database.resolveSibling(database.getFileName() + "-wal"),
            database.resolveSibling(database.getFileName() + "-shm"));
  }

  /** The file that was removed or replaced; null if all are in place. */
  @Nullable Path findMissing() {
    for (Path path : paths) {
      if (!isInPlace(path)) {
        return path;
      }
    }
    return null;
  }

  /** The log and its index are created by the first transaction, and stay while a node runs. */
  private boolean isInPlace(Path path) {
    Object known = keys.get(path);
    Object current;
    try {
      current = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException _) {
      return known == null && !path.equals(paths.getFirst());
    } catch (IOException _) {
      // The file system does not answer; writing will tell.
      return true;
    }
    if (current == null) {
      // This file system has no keys.
      return true;
    }
    Object before = known == null ? keys.putIfAbsent(path, current) : known;
    return before == null || before.equals(current);
  }
}
