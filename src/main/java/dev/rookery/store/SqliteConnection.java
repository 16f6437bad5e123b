package dev.rookery.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;

/**
 * One connection to the database file with its prepared statements; used by one thread at a time.
 *
 * <p>JDBC's own transactions are never used: BEGIN and COMMIT are ordinary statements, so no
 * autocommit mode can be left in the wrong state.
 */
final class SqliteConnection implements AutoCloseable {
  private static final int STATEMENTS_MAX = 256;
  private static final int STEPS_BETWEEN_CHECKS = 10_000;
  // A large WAL: most pages are written many times before they are moved into the file once.
  private static final int WAL_PAGES_MAX = 48_000;
  // Pages that are written often stay in memory. Readers would gain nothing: every commit
  // invalidates their cache.
  private static final int WRITER_CACHE_KIB = 32 * 1_024;

  private final Connection jdbc;
  private final long timeoutNanos;
  private final Prepared.Cache statements = new Prepared.Cache();
  private long deadline;

  private SqliteConnection(Connection jdbc, Duration statementWithin) throws SQLException {
    this.jdbc = jdbc;
    this.timeoutNanos = statementWithin.toNanos();
    ProgressHandler.setHandler(jdbc, STEPS_BETWEEN_CHECKS, new StatementTimeout());
  }

  /**
   * Opens the writing connection. It creates the file and flushes it to the disk with every commit.
   */
  static SqliteConnection writer(DatabaseLocation.File location, Duration statementWithin)
      throws SQLException {
    SQLiteConfig config = common(statementWithin);
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setWalAutocheckpoint(WAL_PAGES_MAX);
    // In pages if positive, in KiB if negative.
    config.setCacheSize(-WRITER_CACHE_KIB);
    config.enforceForeignKeys(true);
    return new SqliteConnection(config.createConnection(url(location)), statementWithin);
  }

  static SqliteConnection reader(DatabaseLocation.File location, Duration statementWithin)
      throws SQLException {
    SQLiteConfig config = common(statementWithin);
    config.setReadOnly(true);
    return new SqliteConnection(config.createConnection(url(location)), statementWithin);
  }

  private static SQLiteConfig common(Duration statementWithin) {
    var config = new SQLiteConfig();
    config.setBusyTimeout((int) statementWithin.toMillis());
    config.setTempStore(TempStore.MEMORY);
    config.setGetGeneratedKeys(false);
    return config;
  }

  private static String url(DatabaseLocation.File location) {
    return "jdbc:sqlite:" + location.path();
  }

  Rows run(String sql, @Nullable Object... values) throws SQLException {
    Prepared statement = statements.get(sql);
    if (statement == null) {
      statement = new Prepared(jdbc.prepareStatement(SqlitePlaceholders.rewrite(sql)));
      statements.put(sql, statement);
    }
    deadline = System.nanoTime() + timeoutNanos;
    try {
      return statement.run(values);
    } catch (SQLException failure) {
      statements.drop(sql);
      throw failure;
    }
  }

  /** Runs a statement that is not prepared: transaction control or a pragma. */
  void execute(String sql) throws SQLException {
    deadline = System.nanoTime() + timeoutNanos;
    try (Statement statement = jdbc.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    statements.clear();
    jdbc.close();
  }

  private final class StatementTimeout extends ProgressHandler {
    @Override
    protected int progress() {
      return System.nanoTime() - deadline > 0 ? 1 : 0;
    }
  }

  /** A prepared statement, with its columns from the first execution that returned any. */
  private static final class Prepared {
    private static final Columns NONE = new Columns(List.of());

    private final PreparedStatement statement;
    private final int parameters;
    private Columns columns = NONE;
    private int width;

    Prepared(PreparedStatement statement) throws SQLException {
      this.statement = statement;
      this.parameters = statement.getParameterMetaData().getParameterCount();
    }

    Rows run(@Nullable Object[] values) throws SQLException {
      if (values.length != parameters) {
        throw new IllegalArgumentException(
            values.length + " values for " + parameters + " placeholders");
      }
      for (int i = 0; i < values.length; i++) {
        bind(i + 1, values[i]);
      }
      if (!statement.execute()) {
        return new Rows(NONE, List.of());
      }
      try (ResultSet results = statement.getResultSet()) {
        if (width == 0) {
          readColumns(results.getMetaData());
        }
        var cells = new ArrayList<@Nullable Object[]>();
        while (results.next()) {
          var row = new @Nullable Object[width];
          for (int column = 0; column < width; column++) {
            row[column] = results.getObject(column + 1);
          }
          cells.add(row);
        }
        return new Rows(columns, cells);
      }
    }

    private void readColumns(ResultSetMetaData meta) throws SQLException {
      width = meta.getColumnCount();
      var names = new ArrayList<String>(width);
      for (int column = 1; column <= width; column++) {
        names.add(meta.getColumnLabel(column));
      }
      columns = new Columns(names);
    }

    private void bind(int index, @Nullable Object value) throws SQLException {
      switch (value) {
        case null -> statement.setObject(index, null);
        case String text -> statement.setString(index, text);
        case Long number -> statement.setLong(index, number);
        case Integer number -> statement.setInt(index, number);
        case Boolean flag -> statement.setInt(index, flag ? 1 : 0);
        case Double number -> statement.setDouble(index, number);
        default -> throw new IllegalArgumentException("unsupported value type " + value.getClass());
      }
    }

    private void close() {
      try {
        statement.close();
      } catch (SQLException _) {
        // Its failure was reported when it ran.
      }
    }

    /** The most recently used statements. */
    private static final class Cache {
      private final Map<String, Prepared> bySql =
          new LinkedHashMap<>(STATEMENTS_MAX, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Prepared> eldest) {
              if (size() <= STATEMENTS_MAX) {
                return false;
              }
              eldest.getValue().close();
              return true;
            }
          };

      @Nullable Prepared get(String sql) {
        return bySql.get(sql);
      }

      void put(String sql, Prepared statement) {
        bySql.put(sql, statement);
      }

      void drop(String sql) {
        Prepared dropped = bySql.remove(sql);
        if (dropped != null) {
          dropped.close();
        }
      }

      void clear() {
        bySql.values().forEach(Prepared::close);
        bySql.clear();
      }
    }
  }
}
