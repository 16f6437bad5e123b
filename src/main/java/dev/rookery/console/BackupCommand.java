package dev.rookery.console;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.nio.file.Path;
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
   * Deletes a backup with its files. {@code Missing("backup_not_found")}; {@code
   * Conflict("backup_running")} while it is made; {@code Conflict("backup_on_other_node")}.
   */
  record Delete(long backup) implements BackupCommand<Done> {}

  /**
   * Finds a file of a backup that this node keeps, to send it. {@code Missing("backup_not_found")};
   * {@code Conflict("backup_on_other_node")}.
   *
   * @param file its name; null for the first one
   */
  record FindFile(long backup, @Nullable String file) implements BackupCommand<Path> {}

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
