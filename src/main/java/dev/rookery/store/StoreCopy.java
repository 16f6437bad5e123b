package dev.rookery.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Copies the database of a running node, over its own engine: SQLite writes the copy with a
 * connection of this process, PostgreSQL with {@code pg_dump}. The methods block their thread,
 * which is no virtual one.
 */
public final class StoreCopy {
  private static final Duration WITHIN = Duration.ofHours(2);

  private static final String SQLITE_SIZE =
      "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()";

  private static final String POSTGRES_SIZE =
      "SELECT pg_database_size(current_database()) AS bytes";

  private final Database database;
  private final DatabaseLocation location;

  StoreCopy(Database database, DatabaseLocation location) {
    this.database = database;
    this.location = location;
  }

  public Dialect dialect() {
    return database.dialect();
  }

  /** Whether this node can make copies. */
  public boolean isAvailable() {
    return location instanceof DatabaseLocation.File || PostgresDump.isAvailable();
  }

  /** The size of the database in bytes. */
  public long bytes() {
    String sql = database.dialect() == Dialect.SQLITE ? SQLITE_SIZE : POSTGRES_SIZE;
    return database.read(sql).row(0).number("bytes");
  }

  /**
   * Writes a copy of all that is committed now, with the tables of extensions.
   *
   * @param file must not exist
   * @return the files, the given one first
   * @throws IllegalStateException with the reason; then there is no copy
   */
  public List<Path> write(Path file) {
    return switch (location) {
      case DatabaseLocation.File(var path) ->
          SqliteBackup.write(
              path,
              file,
              (from, part) -> {
                try (var connection =
                    SqliteConnection.reader(new DatabaseLocation.File(from), WITHIN)) {
                  connection.run("VACUUM INTO $1", part.toString());
                }
              });
      case DatabaseLocation.Server server -> {
        PostgresDump.write(server, file, WITHIN);
        yield List.of(file);
      }
    };
  }

  /**
   * Opens a copy and reads all of it: SQLite checks its structure too, {@code pg_restore} reads it
   * as a restore does.
   *
   * @param files as {@link #write} has returned them
   * @throws IllegalStateException with what is wrong
   */
  public void verify(List<Path> files) {
    for (Path file : files) {
      switch (location) {
        case DatabaseLocation.File _ -> SqliteBackup.verify(file);
        case DatabaseLocation.Server _ -> PostgresDump.verify(file, WITHIN);
      }
    }
  }
}
