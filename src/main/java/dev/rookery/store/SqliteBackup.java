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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * Copies a SQLite database, from a process of its own or, by {@link StoreCopy}, with a connection
 * of the node: within the process of a node, a descriptor of the file that is not SQLite's would
 * drop its locks when it is closed. The tables of extensions, which are in files beside it, are
 * copied with it.
 */
public final class SqliteBackup {
  private static final int BUSY_MS_MAX = 30_000;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private SqliteBackup() {}

  /**
   * Writes all that is committed now into new files: the database, and beside it the tables of each
   * extension, as {@code <copy>.x_<extension>.db}. A node may read and write meanwhile. The copies
   * are whole, checked and on the disk before they get their names; the one of the database comes
   * last, so that it has what the tables of extensions refer to.
   *
   * @throws IllegalStateException if it fails; then there is no copy
   */
  public static void write(Path database, Path copy) {
    write(database, copy, SqliteBackup::copy);
  }

  /** Writes what is committed in a database into an empty file. */
  @FunctionalInterface
  interface Copier {
    void copy(Path database, Path part) throws SQLException;
  }

  /**
   * As {@link #write(Path, Path)}, with another way to copy.
   *
   * @return the files that were written, the copy of the server's database first
   */
  static List<Path> write(Path database, Path copy, Copier copier) {
    if (!Files.isRegularFile(database)) {
      throw new IllegalStateException("there is no database " + database);
    }
    var written = new ArrayList<Path>();
    try {
      for (Path tables : ExtensionTables.filesBeside(database)) {
        Path target = copyOf(tables, copy);
        if (Files.exists(target)) {
          throw new IllegalStateException(target + " exists already");
        }
        writeFile(tables, target, false, copier);
        written.add(target);
      }
      writeFile(database, copy, true, copier);
      written.addFirst(copy);
      return List.copyOf(written);
    } catch (IllegalStateException failure) {
      written.forEach(SqliteBackup::deleteQuietly);
      throw failure;
    }
  }

  private static Path copyOf(Path tables, Path copy) {
    return copy.resolveSibling(copy.getFileName() + "." + tables.getFileName());
  }

  private static void copy(Path database, Path part) throws SQLException {
    try (Connection connection = open(database);
        var statement = connection.prepareStatement("VACUUM INTO ?")) {
      statement.setString(1, part.toString());
      statement.execute();
    }
  }

  /**
   * Opens a copy and checks all of it.
   *
   * @throws IllegalStateException with what is wrong
   */
  static void verify(Path copy) {
    try {
      check(copy, "PRAGMA integrity_check(1)");
    } catch (SQLException failure) {
      throw new IllegalStateException(copy + ": " + failure.getMessage(), failure);
    }
  }

  private static void writeFile(Path database, Path copy, boolean ofServer, Copier copier) {
    Path part = copy.resolveSibling(copy.getFileName() + ".part");
    try {
      Files.deleteIfExists(part);
      PrivateFolder.createFile(part);
      copier.copy(database, part);
      check(part, ofServer);
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
   * Puts a copy in the place of a database that no node has open, and the tables of extensions with
   * it; returns where the database is that was there before. Tables of extensions that the copy has
   * not are put aside in the same way.
   *
   * @param now part of the names of the files before
   * @throws IllegalStateException if it fails; then the database is as before
   */
  public static Path restore(Path copy, Path database, Instant now) {
    Path place = RealPath.of(database);
    var replaced = new ArrayList<Replacement>();
    try {
      PrivateFolder.create(folderOf(place));
      try (var _ = DatabaseFileLock.acquire(place)) {
        for (Path tables : tablesOf(copy, database)) {
          replaced.add(Replacement.of(tables, copyOf(tables, copy), now));
        }
        var server = Replacement.of(place, copy, now);
        // Last, so that a restore that was interrupted is seen, and can be repeated.
        replaced.add(server);
        for (Replacement each : replaced) {
          each.prepare(each == server);
        }
        for (Replacement each : replaced) {
          each.replace();
        }
        force(folderOf(place));
        return server.aside;
      }
    } catch (SQLException | IOException failure) {
      replaced.forEach(each -> deleteQuietly(each.part));
      throw new IllegalStateException(copy + ": " + failure.getMessage(), failure);
    }
  }

  /** The files of extensions beside a database, and those that a copy would put there. */
  private static SortedSet<Path> tablesOf(Path copy, Path database) throws IOException {
    var files = new TreeSet<>(ExtensionTables.filesBeside(database));
    String prefix = copy.getFileName() + ".";
    try (Stream<Path> copies = Files.list(folderOf(copy))) {
      copies
          .map(each -> each.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .map(name -> name.substring(prefix.length()))
          .filter(ExtensionTables::isFileName)
          .forEach(name -> files.add(folderOf(database).resolve(name)));
    }
    return files;
  }

  /**
   * One file that is replaced by its copy, or put aside if there is none.
   *
   * @param part the copy on the same disk
   * @param aside where the file before is kept
   */
  private record Replacement(Path place, Path copy, Path part, Path aside) {
    static Replacement of(Path place, Path copy, Instant now) {
      Path name = place.getFileName();
      return new Replacement(
          place,
          copy,
          place.resolveSibling(name + ".restoring"),
          place.resolveSibling(name + ".before-" + STAMP.format(now)));
    }

    void prepare(boolean ofServer) throws SQLException, IOException {
      Files.deleteIfExists(part);
      if (!ofServer && !Files.exists(copy)) {
        return;
      }
      check(copy, ofServer);
      PrivateFolder.createFile(part);
      Files.copy(copy, part, StandardCopyOption.REPLACE_EXISTING);
      PrivateFolder.tighten(part);
      force(part);
    }

    void replace() throws IOException {
      mergeLog(place);
      moveAside(place, aside, "-wal");
      moveAside(place, aside, "-shm");
      moveAside(place, aside, "");
      if (Files.exists(part)) {
        Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
      }
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

  /**
   * @param ofServer whether it must have the tables of the server
   */
  private static void check(Path copy, boolean ofServer) throws SQLException {
    check(copy, "PRAGMA quick_check(1)");
    if (!ofServer) {
      return;
    }
    var config = new SQLiteConfig();
    config.setReadOnly(true);
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

  private static void check(Path copy, String pragma) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    try (Connection connection = config.createConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(pragma)) {
      String result = found.next() ? found.getString(1) : "nothing";
      if (!result.equals("ok")) {
        throw new SQLException("it is damaged: " + result);
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
