package dev.rookery.store;

import dev.rookery.base.RealPath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * Copies a SQLite database, from a process of its own: within the process of a node a second
 * descriptor of the file would drop SQLite's locks when it is closed.
 */
public final class SqliteBackup {
  private static final int BUSY_MS_MAX = 30_000;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private SqliteBackup() {}

  /**
   * Writes all that is committed now into a new file; a node may read and write meanwhile. The copy
   * is whole, checked and on the disk before it gets its name.
   *
   * @throws IllegalStateException if it fails; then there is no copy
   */
  public static void write(Path database, Path copy) {
    if (!Files.isRegularFile(database)) {
      throw new IllegalStateException("there is no database " + database);
    }
    Path part = copy.resolveSibling(copy.getFileName() + ".part");
    try {
      Files.deleteIfExists(part);
      PrivateFolder.createFile(part);
      try (Connection connection = open(database);
          var statement = connection.prepareStatement("VACUUM INTO ?")) {
        statement.setString(1, part.toString());
        statement.execute();
      }
      check(part);
      force(part);
      Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
      force(folderOf(copy));
    } catch (SQLException | IOException failure) {
      deleteQuietly(part);
      throw new IllegalStateException(database + ": " + failure.getMessage(), failure);
    }
  }

  private static Path folderOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
  }

  /**
   * Puts a copy in the place of a database that no node has open; returns where the database is
   * that was there before.
   *
   * @param now part of the name of the database before
   * @throws IllegalStateException if it fails; then the database is as before
   */
  public static Path restore(Path copy, Path database, Instant now) {
    Path place = RealPath.of(database);
    Path part = place.resolveSibling(place.getFileName() + ".restoring");
    Path aside = place.resolveSibling(place.getFileName() + ".before-" + STAMP.format(now));
    try {
      PrivateFolder.create(folderOf(place));
      try (var _ = DatabaseFileLock.acquire(place)) {
        check(copy);
        Files.deleteIfExists(part);
        PrivateFolder.createFile(part);
        Files.copy(copy, part, StandardCopyOption.REPLACE_EXISTING);
        PrivateFolder.tighten(part);
        force(part);
        mergeLog(place);
        moveAside(place, aside, "-wal");
        moveAside(place, aside, "-shm");
        moveAside(place, aside, "");
        Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
        force(folderOf(place));
      }
      return aside;
    } catch (SQLException | IOException failure) {
      deleteQuietly(part);
      throw new IllegalStateException(copy + ": " + failure.getMessage(), failure);
    }
  }

  /** Moves what is in the log into the file, as far as both are whole. */
  private static void mergeLog(Path database) {
    if (Files.exists(database)) {
      try (Connection connection = open(database);
          Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      } catch (SQLException _) {
        // It is damaged, which is why it is replaced; both are kept.
      }
    }
  }

  private static void moveAside(Path database, Path aside, String suffix) throws IOException {
    Path from = database.resolveSibling(database.getFileName() + suffix);
    if (Files.exists(from)) {
      Files.move(from, aside.resolveSibling(aside.getFileName() + suffix));
    }
  }

  /** Opens an existing database; a log that a killed node left is read with it. */
  private static Connection open(Path database) throws SQLException {
    var config = new SQLiteConfig();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setBusyTimeout(BUSY_MS_MAX);
    return config.createConnection("jdbc:sqlite:" + database);
  }

  private static void check(Path copy) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    try (Connection connection = config.createConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("PRAGMA quick_check(1)")) {
      String result = found.next() ? found.getString(1) : "nothing";
      if (!result.equals("ok")) {
        throw new SQLException("it is damaged: " + result);
      }
    }
    try (Connection connection = config.createConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT COUNT(*) FROM sqlite_master WHERE name = 'flyway_schema_history'")) {
      if (!found.next() || found.getInt(1) == 0) {
        throw new SQLException("it is no database of this server");
      }
    }
  }

  /** Writes a file, or the names in a folder, to the disk. */
  private static void force(@Nullable Path path) throws IOException {
    if (path == null) {
      return;
    }
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // The failure before is reported.
    }
  }
}
