package dev.rookery.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Prevents a second server from opening the same SQLite file: each would believe that it is the
 * only writer, and subscribers on one would not receive the events of the other. The operating
 * system releases the lock when the process ends, however it ends.
 */
final class DatabaseFileLock implements AutoCloseable {
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

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // The lock is released when the process ends at the latest.
    }
  }
}
