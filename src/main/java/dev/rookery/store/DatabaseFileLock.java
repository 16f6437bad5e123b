package dev.rookery.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prevents a second server from opening the same SQLite file: each would believe that it is the
 * only writer, and subscribers on one would not receive the events of the other. The operating
 * system releases the lock when the process ends, however it ends.
 *
 * <p>The lock file belongs to a name of the database. A file with a further name, a hard link, may
 * be open under that one: SQLite would write two logs and damage it. So the locks of SQLite on the
 * file itself are looked for as well, on Linux.
 */
final class DatabaseFileLock implements AutoCloseable {
  private static final Path LOCKS = Path.of("/proc/locks");

  private final FileChannel channel;

  private DatabaseFileLock(FileChannel channel) {
    this.channel = channel;
  }

  static DatabaseFileLock acquire(Path database) {
    Path file = database.resolveSibling(database.getFileName() + ".lock");
    try {
      PrivateFolder.createFile(file);
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new IllegalStateException(
            database + " is in use by another server; stop that one, or choose another file");
      }
      if (isOpenUnderAnotherName(database)) {
        channel.close();
        throw new IllegalStateException(
            database
                + " is in use by another process under another name (a hard link); stop that"
                + " one, or make a copy of the file");
      }
      return new DatabaseFileLock(channel);
    } catch (IOException failure) {
      throw new IllegalStateException("cannot create a lock file beside " + database, failure);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  /**
   * Whether a process has a lock on a file that has several names. SQLite locks a database as long
   * as it is open; the lock itself cannot be tried, because closing any channel of a file ends all
   * locks that the process has on it.
   */
  private static boolean isOpenUnderAnotherName(Path database) throws IOException {
    if (!Files.isReadable(LOCKS)
        || !Files.exists(database)
        || (int) Files.getAttribute(database, "unix:nlink") < 2) {
      return false;
    }
    long device = (long) Files.getAttribute(database, "unix:dev");
    String file =
        " %02x:%02x:%d "
            .formatted(
                (device >> 8 & 0xfff) | (device >> 32 & ~0xfff),
                (device & 0xff) | (device >> 12 & 0xfff00),
                (long) Files.getAttribute(database, "unix:ino"));
    try (Stream<String> locks = Files.lines(LOCKS)) {
      return locks.anyMatch(lock -> lock.contains(file));
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // The lock is released when the process ends at the latest.
    }
  }
}
