package dev.rookery.console;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.function.LongFunction;

/** A file of a backup, to be sent. */
public sealed interface BackupFile {
  /** A file of this node. */
  record Here(Path path) implements BackupFile {}

  /**
   * A file that another node keeps.
   *
   * @param bytes how long it is
   * @param parts reads what follows this many bytes, as much as one message takes
   */
  record OnOtherNode(String name, long bytes, LongFunction<Future<Buffer>> parts)
      implements BackupFile {}
}
