package dev.rookery.console;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands on backups of the database. */
public sealed interface BackupCommand<R> extends Command<R> {
  String ADDRESS = "console.backups";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Begins a backup on a node; it ends later. {@code Missing("node_not_found")}; {@code
   * Conflict("backup_running")} while one is made; {@code Conflict("backup_not_available")} if the
   * node cannot make one or does not answer.
   *
   * @param node the name of the node; empty for the first that can make one, this one before others
   */
  record BackUp(String node) implements BackupCommand<Backup> {}

  /** Lists backups, the newest first, with how far the one is that is being made. */
  record ListBackups() implements BackupCommand<BackupPage> {
    public static final int MAX = 500;
  }

  /**
   * Deletes a backup, whichever node keeps it; that node removes the files, or does so when it is
   * back. {@code Missing("backup_not_found")}; {@code Conflict("backup_running")} while it is made.
   */
  record Delete(long backup) implements BackupCommand<Done> {}

  /**
   * Finds a file of a backup, whichever node keeps it, to send it. {@code
   * Missing("backup_not_found")}; {@code Denied("backup_node_silent")} with the name of the node if
   * it does not answer.
   *
   * @param file its name; null for the first one
   */
  record FindFile(long backup, @Nullable String file) implements BackupCommand<BackupFile> {}

  /**
   * Backups.
   *
   * @param able the living nodes that can make one
   * @param silent those that did not answer
   * @param written by node the bytes of what it is writing now, of about how many
   */
  record BackupPage(
      String here,
      String kind,
      List<Backup> backups,
      List<String> able,
      List<String> silent,
      Map<String, Progress> written) {}

  /** How far a backup is. */
  record Progress(long bytes, long expected) {}
}
