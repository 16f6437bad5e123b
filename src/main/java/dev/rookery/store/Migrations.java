package dev.rookery.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * Migrates the schema to the current version. Several nodes may start at once: on PostgreSQL one
 * migrates while the others wait, and a SQLite file belongs to one process anyway.
 *
 * <p>Flyway takes longer to find out that there is nothing to do than everything else that opens a
 * database. It is therefore asked only if the history of the database lacks one of the {@link
 * MigrationScripts}, has another checksum for it, or lists a migration that failed.
 */
final class Migrations {
  private static final int CONNECT_RETRIES = 10;
  private static final String HISTORY =
      "SELECT script, checksum, success FROM flyway_schema_history";

  private Migrations() {}

  static void run(DatabaseLocation location) {
    if (location instanceof DatabaseLocation.File(var path)) {
      checkEncoding(path);
    }
    if (!isCurrent(location)) {
      migrate(location);
    }
  }

  /** Text in UTF-16 would sort differently, and pages of lists would miss rows. */
  private static void checkEncoding(Path file) {
    try (Connection connection = connectToFile(file);
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery("PRAGMA encoding")) {
      results.next();
      String encoding = results.getString(1);
      if (!encoding.equals("UTF-8")) {
        throw new IllegalStateException(
            file + " has the encoding " + encoding + ", but UTF-8 is needed; choose another file");
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("cannot open " + file + ": " + failure.getMessage(), failure);
    }
  }

  private static void migrate(DatabaseLocation location) {
    Map<String, String> properties = properties(location);
    Dialect dialect = location instanceof DatabaseLocation.File ? Dialect.SQLITE : Dialect.POSTGRES;
    Flyway.configure()
        .dataSource(url(location), properties.get("user"), properties.get("password"))
        .jdbcProperties(properties)
        .locations("classpath:migrations")
        .javaMigrations(new NormalizeTexts())
        .loggers("slf4j")
        .placeholders(placeholders(dialect))
        // Versions are numbered by domain, so a later release may add one below the highest. All of
        // them only add to the schema, which makes their order between domains irrelevant.
        .outOfOrder(true)
        // On SQLite all in one transaction, which is one write to the disk instead of a hundred. On
        // PostgreSQL each keeps its locks for itself: other nodes run meanwhile.
        .group(dialect == Dialect.SQLITE)
        // Those of a later release, whose nodes run beside this one during a rolling upgrade.
        .ignoreMigrationPatterns("*:missing", "*:future")
        .connectRetries(CONNECT_RETRIES)
        .connectRetriesInterval(1)
        .load()
        .migrate();
  }

  /** Whether the database has all migrations; false also if that cannot be read. */
  static boolean isCurrent(DatabaseLocation location) {
    var applied = new ArrayList<Applied>();
    try (Connection connection = connect(location);
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(HISTORY)) {
      while (results.next()) {
        applied.add(
            new Applied(
                results.getString("script"),
                results.getString("checksum"),
                results.getBoolean("success")));
      }
    } catch (SQLException _) {
      // Flyway says what is wrong with the database, if anything is.
      return false;
    }
    return MigrationScripts.areAllIn(applied);
  }

  private static Connection connect(DatabaseLocation location) throws SQLException {
    return switch (location) {
      case DatabaseLocation.File(var path) -> connectToFile(path);
      case DatabaseLocation.Server at -> PostgresJdbc.connect(at);
    };
  }

  private static Connection connectToFile(Path file) throws SQLException {
    return new SQLiteConfig().createConnection(url(file));
  }

  private static String url(Path file) {
    return "jdbc:sqlite:" + file;
  }

  private static String url(DatabaseLocation location) {
    return switch (location) {
      case DatabaseLocation.File(var path) -> url(path);
      case DatabaseLocation.Server at -> PostgresJdbc.url(at);
    };
  }

  private static Map<String, String> properties(DatabaseLocation location) {
    return switch (location) {
      case DatabaseLocation.File _ -> Map.of();
      case DatabaseLocation.Server at -> PostgresJdbc.properties(at);
    };
  }

  /** Placeholders for the parts of migrations that differ between the databases. */
  static Map<String, String> placeholders(Dialect dialect) {
    return switch (dialect) {
      case SQLITE ->
          Map.of(
              "identity", "INTEGER PRIMARY KEY AUTOINCREMENT",
              // Stores rows in the index of their key instead of beside it.
              "by_key", " WITHOUT ROWID",
              "place", "INTEGER PRIMARY KEY",
              "outbox_by_time", "",
              "outbox_by_age", "",
              "room_for_invites", "",
              "room_for_updates", "",
              "by_code_point", " COLLATE BINARY",
              "often_updated", "");
      case POSTGRES ->
          Map.of(
              "identity", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
              "by_key", "",
              "place", "BIGINT GENERATED BY DEFAULT AS IDENTITY",
              "outbox_by_time", "CREATE INDEX outbox_at ON outbox USING brin (at_ms);",
              // The BRIN index above is summarized by a vacuum; until then all of the newest rows
              // are read.
              "outbox_by_age", "DROP INDEX outbox_at; CREATE INDEX outbox_age ON outbox (at_ms);",
              "room_for_invites", "ALTER TABLE party_invite SET (fillfactor = 70);",
              // Few updates of these tables change an index; the others need room on the same page.
              "room_for_updates",
                  "ALTER TABLE lobby SET (fillfactor = 50);"
                      + " ALTER TABLE player SET (fillfactor = 70);",
              // A range of texts then equals the texts with one prefix, whatever the locale.
              "by_code_point", " COLLATE \"C\"",
              // Free space on each page, so that an update needs no new index entry.
              "often_updated", " WITH (fillfactor = 70)");
    };
  }

  /** A row of the history: a migration that was applied. */
  record Applied(String script, @Nullable String checksum, boolean success) {}
}
