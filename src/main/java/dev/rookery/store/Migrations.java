package dev.rookery.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * Migrates the schema to the current version. Several nodes may start at once: on PostgreSQL one
 * migrates while the others wait, and a SQLite file belongs to one process anyway.
 *
 * <p>Flyway reads and checks every migration each time, which takes longer than everything else
 * that opens a database. A process therefore asks it once for each history: if a database lists the
 * same migrations with the same checksums as one that Flyway has accepted in this process, nothing
 * is to be done. This matters to a process that starts many nodes, as tests of extensions do.
 */
final class Migrations {
  private static final int CONNECT_RETRIES = 10;
  private static final String HISTORY =
      """
      SELECT installed_rank, version, checksum, success FROM flyway_schema_history
      ORDER BY installed_rank
      """;

  /** The history that Flyway accepted last on each kind of database. */
  private static final Map<Dialect, List<Applied>> ACCEPTED = new ConcurrentHashMap<>();

  private Migrations() {}

  static void run(DatabaseLocation location) {
    switch (location) {
      case DatabaseLocation.File(var path) -> {
        String url = "jdbc:sqlite:" + path;
        checkEncoding(path, url);
        run(Dialect.SQLITE, url, Map.of());
      }
      case DatabaseLocation.Server at ->
          run(Dialect.POSTGRES, PostgresJdbc.url(at), PostgresJdbc.properties(at));
    }
  }

  /** Text in UTF-16 would sort differently, and pages of lists would miss rows. */
  private static void checkEncoding(Path file, String url) {
    try (Connection connection = DriverManager.getConnection(url);
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

  private static void run(Dialect dialect, String url, Map<String, String> properties) {
    List<Applied> accepted = ACCEPTED.get(dialect);
    if (accepted != null && accepted.equals(history(url, properties))) {
      return;
    }
    Flyway.configure()
        .dataSource(url, properties.get("user"), properties.get("password"))
        .jdbcProperties(properties)
        .locations("classpath:migrations")
        .javaMigrations(new NormalizeTexts())
        .loggers("slf4j")
        .placeholders(placeholders(dialect))
        // Versions are numbered by domain, so a later release may add one below the highest. All of
        // them only add to the schema, which makes their order between domains irrelevant.
        .outOfOrder(true)
        // Those of a later release, whose nodes run beside this one during a rolling upgrade.
        .ignoreMigrationPatterns("*:missing", "*:future")
        .connectRetries(CONNECT_RETRIES)
        .connectRetriesInterval(1)
        .load()
        .migrate();
    List<Applied> migrated = history(url, properties);
    if (migrated != null) {
      ACCEPTED.put(dialect, migrated);
    }
  }

  /** What the history table lists; null if it cannot be read, as where there is none yet. */
  private static @Nullable List<Applied> history(String url, Map<String, String> properties) {
    var settings = new Properties();
    settings.putAll(properties);
    try (Connection connection = DriverManager.getConnection(url, settings);
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(HISTORY)) {
      var applied = new ArrayList<Applied>();
      while (results.next()) {
        applied.add(
            new Applied(
                results.getInt("installed_rank"),
                results.getString("version"),
                results.getString("checksum"),
                results.getBoolean("success")));
      }
      return applied;
    } catch (SQLException _) {
      // Flyway says what is wrong with the database, if anything is.
      return null;
    }
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
  private record Applied(
      int rank, @Nullable String version, @Nullable String checksum, boolean success) {}
}
