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
 * One connection to the file, with its prepared statements; used by one thread at a time.
 *
 * <p>JDBC's own transactions are never switched on: BEGIN and COMMIT are statements like others, so
 * there is no autocommit mode that could be left behind in the wrong state.
 */
final class SqliteConnection implements AutoCloseable {
  private static final int STATEMENTS_MAX = 256;
  private static final int STEPS_BETWEEN_LOOKS = 10_000;
  // Most pages are written many times before that, and moved into the file once.
  private static final int WAL_PAGES_MAX = 48_000;
  // What is written again and again stays at hand. Readers would gain nothing: what they keep is
  // void with every commit.
  private static final int WRITER_CACHE_KIB = 32 * 1_024;

  private final Connection jdbc;
  private final long withinNanos;
  private final Prepared.Cache prepared = new Prepared.Cache();
  private long deadline;

  private SqliteConnection(Connection jdbc, Duration statementWithin) throws SQLException {
    this.jdbc = jdbc;
    this.withinNanos = statementWithin.toNanos();
    ProgressHandler.setHandler(jdbc, STEPS_BETWEEN_LOOKS, new StatementTimeout());
  }

  /** The one that writes. It makes the file, and flushes it to the disk with every commit. */
  static SqliteConnection writer(DatabaseLocation.File at, Duration statementWithin)
      throws SQLException {
    SQLiteConfig config = common(statementWithin);
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setWalAutocheckpoint(WAL_PAGES_MAX);
    // In pages if positive, in KiB if negative.
    config.setCacheSize(-WRITER_CACHE_KIB);
    config.enforceForeignKeys(true);
    return new SqliteConnection(config.createConnection(url(at)), statementWithin);
  }

  static SqliteConnection reader(DatabaseLocation.File at, Duration statementWithin)
      throws SQLException {
    SQLiteConfig config = common(statementWithin);
    config.setReadOnly(true);
    return new SqliteConnection(config.createConnection(url(at)), statementWithin);
  }

  private static SQLiteConfig common(Duration statementWithin) {
    var config = new SQLiteConfig();
    config.setBusyTimeout((int) statementWithin.toMillis());
    config.setTempStore(TempStore.MEMORY);
    config.setGetGeneratedKeys(false);
    return config;
  }

  private static String url(DatabaseLocation.File at) {
    return "jdbc:sqlite:" + at.path();
  }

  Rows run(String sql, @Nullable Object... values) throws SQLException {
    Prepared found = prepared.get(sql);
    if (found == null) {
      found = new Prepared(jdbc.prepareStatement(SqlitePlaceholders.of(sql)));
      prepared.put(sql, found);
    }
    deadline = System.nanoTime() + withinNanos;
    try {
      return found.run(values);
    } catch (SQLException broken) {
      prepared.drop(sql);
      throw broken;
    }
  }

  /** A statement of transaction control, or a pragma; not prepared. */
  void execute(String sql) throws SQLException {
    deadline = System.nanoTime() + withinNanos;
    try (Statement statement = jdbc.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    prepared.clear();
    jdbc.close();
  }

  private final class StatementTimeout extends ProgressHandler {
    @Override
    protected int progress() {
      return System.nanoTime() - deadline > 0 ? 1 : 0;
    }
  }

  /** A prepared statement, and its columns from the first time that it had any. */
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
          name(results.getMetaData());
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

    private void name(ResultSetMetaData meta) throws SQLException {
      width = meta.getColumnCount();
      var names = new ArrayList<String>(width);
      for (int column = 1; column <= width; column++) {
        names.add(meta.getColumnLabel(column));
      }
      columns = new Columns(names);
    }

    private void bind(int place, @Nullable Object value) throws SQLException {
      switch (value) {
        case null -> statement.setObject(place, null);
        case String text -> statement.setString(place, text);
        case Long number -> statement.setLong(place, number);
        case Integer number -> statement.setInt(place, number);
        case Boolean flag -> statement.setInt(place, flag ? 1 : 0);
        case Double number -> statement.setDouble(place, number);
        default -> throw new IllegalArgumentException("a value of " + value.getClass());
      }
    }

    private void close() {
      try {
        statement.close();
      } catch (SQLException _) {
        // Its failure was told when it ran.
      }
    }

    /** The statements used last. */
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
