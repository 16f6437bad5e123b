package dev.rookery.console;

import dev.rookery.base.PlayerId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A backup of the database.
 *
 * @param node the node that has made and keeps it
 * @param kind {@code sqlite} or {@code postgres}
 * @param problem why it failed; empty if it did not
 * @param files the names of its files, that of the server first
 * @param bytes of all its files
 * @param admin who has asked for it; null for the schedule
 * @param verifiedMs when the copy was opened and checked; 0 if it was not
 * @param endedMs 0 before it has ended
 */
public record Backup(
    long id,
    String node,
    String kind,
    State state,
    String problem,
    List<String> files,
    long bytes,
    @Nullable PlayerId admin,
    long verifiedMs,
    long createdMs,
    long endedMs) {
  public Backup {
    files = List.copyOf(files);
  }

  /** How far it is. */
  public enum State {
    DUE,
    RUNNING,
    DONE,
    FAILED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
