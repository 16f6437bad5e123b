package dev.rookery.console;

import java.nio.file.Path;
import java.util.List;

/**
 * Copies the database of the server while nodes run. Its methods block the platform thread; what
 * another process does for them ends when that thread is interrupted.
 */
public interface BackupTool {
  /** {@code sqlite} or {@code postgres}. */
  String kind();

  /** Whether this node can make copies: for PostgreSQL it needs {@code pg_dump} on the PATH. */
  boolean isAvailable();

  /** About how large a copy is, in bytes; 0 if that is not known. */
  long expectedBytes();

  /**
   * Writes a copy of all that is committed now.
   *
   * @param file must not exist
   * @return the files that were written, the given one first
   * @throws IllegalStateException with the reason; then there is no copy
   */
  List<Path> write(Path file);

  /**
   * Opens a copy and checks all of it.
   *
   * @throws IllegalStateException with what is wrong
   */
  void verify(List<Path> files);
}
