package dev.rookery.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * Stores in a database that a copy of it was made, for the console. As {@link SqliteBackup}, it
 * works from a process of its own.
 */
public final class BackupRecord {
  private static final int BUSY_MS_MAX = 30_000;
  private static final String WRITE =
      """
      INSERT INTO console_state (name, value) VALUES ('setup.backup', ?)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value
      """;

  private BackupRecord() {}

  /**
   * Stores when the latest copy was made.
   *
   * @throws IllegalStateException if it fails; the copy is as good as before
   */
  public static void write(DatabaseLocation database, Instant made) {
    try (Connection connection = open(database);
        var statement = connection.prepareStatement(WRITE)) {
      statement.setString(1, Long.toString(made.toEpochMilli()));
      statement.executeUpdate();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure.getMessage(), failure);
    }
  }

  private static Connection open(DatabaseLocation database) throws SQLException {
    return switch (database) {
      case DatabaseLocation.File(var file) -> {
        var config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setBusyTimeout(BUSY_MS_MAX);
        yield config.createConnection("jdbc:sqlite:" + file);
      }
      case DatabaseLocation.Server server -> PostgresJdbc.connect(server);
    };
  }
}
