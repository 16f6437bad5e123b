package dev.rookery.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * The tables of extensions, apart from those of the server: on PostgreSQL each extension has a
 * schema in the same database, on SQLite a file beside the database, so that none waits for the
 * locks of the other.
 */
public final class ExtensionTables {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ExtensionTables.class);
  private static final int NAME_MAX = 40;
  private static final long LOCK = 0x726f6f6b_65787431L;
  private static final int WAITING_MAX = 1_000;
  private static final String FOLDER = "migrations/";
  private static final String HOLD_LEASE =
      "SELECT epoch FROM lease WHERE name = $1 AND run = $2 AND epoch = $3 FOR SHARE";
  private static final Pattern FILE_NAME = Pattern.compile("x_[a-z0-9_]+\\.db");

  private final StoreConfig config;

  public ExtensionTables(StoreConfig config) {
    this.config = config;
  }

  /**
   * Runs the migrations that have not run yet. Nodes that do so at the same time wait for each
   * other. Blocks.
   *
   * @param scripts SQL by the name of its file, {@code migrations/V1__name.sql}
   * @throws RuntimeException if one fails; those before it have been applied
   */
  public void migrate(String extension, Map<String, String> scripts) {
    if (scripts.isEmpty()) {
      return;
    }
    var flyway =
        Flyway.configure()
            .locations("classpath:" + FOLDER)
            .resourceProvider(new Scripts(scripts))
            // A version that is rolled back knows fewer of them.
            .ignoreMigrationPatterns("*:future")
            .loggers("slf4j");
    switch (config.location()) {
      case DatabaseLocation.File file ->
          flyway
              .dataSource("jdbc:sqlite:" + file(file, extension), "", "")
              .placeholders(Migrations.placeholders(Dialect.SQLITE));
      case DatabaseLocation.Server at -> {
        createSchema(at, schema(extension));
        flyway
            .dataSource(PostgresJdbc.url(at), at.user(), at.password() == null ? "" : at.password())
            .jdbcProperties(PostgresJdbc.properties(at))
            .schemas(schema(extension))
            .placeholders(Migrations.placeholders(Dialect.POSTGRES));
      }
    }
    flyway.load().migrate();
  }

  /**
   * How many connections a pool has.
   *
   * @param max how many it may have
   */
  public int connections(int max) {
    return switch (config.location()) {
      // One writes at a time, and a reader that becomes a writer would fail.
      case DatabaseLocation.File _ -> 1;
      case DatabaseLocation.Server _ -> max;
    };
  }

  /**
   * Opens a pool; the caller closes it.
   *
   * @param connections as in {@link #connections}
   * @throws IllegalStateException behind a connection pooler, which keeps no schema for a session
   */
  public Pool open(Vertx vertx, String extension, int connections) {
    var options =
        new PoolOptions()
            .setMaxSize(connections(connections))
            .setMaxWaitQueueSize(WAITING_MAX)
            .setName("rookery-extension-" + extension);
    return switch (config.location()) {
      case DatabaseLocation.File file ->
          JDBCPool.pool(vertx, new SqliteSource(file(file, extension), config), options);
      case DatabaseLocation.Server at -> {
        if (at.pooled()) {
          throw new IllegalStateException(
              "extensions have no tables behind a connection pooler (store.pooled)");
        }
        var session = new PostgresSession(at, config);
        String setUp =
            "SET search_path = "
                + quoted(schema(extension))
                + "; SET statement_timeout = "
                + config.statementTimeout().toMillis()
                + "; SET idle_in_transaction_session_timeout = "
                + config.statementTimeout().toMillis();
        yield PgBuilder.pool()
            .with(options)
            .connectingTo(session.connectOptions())
            .withConnectHandler(connection -> setUp(connection, setUp))
            .using(vertx)
            .build();
      }
    };
  }

  /**
   * Keeps a lease until a transaction on these tables ends: no other node can acquire it before.
   * Completes with false if another one has it.
   *
   * @param run the run of the node that has the lease
   */
  public Future<Boolean> holdLease(SqlClient transaction, String name, long run, long epoch) {
    return switch (config.location()) {
      // Its one node keeps other servers away from the file.
      case DatabaseLocation.File _ -> Future.succeededFuture(true);
      case DatabaseLocation.Server _ ->
          transaction
              .query("SET LOCAL search_path TO DEFAULT")
              .execute()
              .compose(
                  _ -> transaction.preparedQuery(HOLD_LEASE).execute(Tuple.of(name, run, epoch)))
              .map(found -> found.size() > 0);
    };
  }

  private static void setUp(SqlConnection connection, String sql) {
    connection
        .query(sql)
        .execute()
        .onComplete(
            _ -> connection.close(),
            failure -> {
              LOG.warn("a session of an extension cannot be set up: {}", failure.getMessage());
              PostgresSession.end(connection);
            });
  }

  /** Unique, although names of extensions differ in characters that those of schemas have not. */
  private static String schema(String extension) {
    var sum = new CRC32();
    sum.update(extension.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    String plain = extension.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    return plain.equals(extension) && plain.length() <= NAME_MAX
        ? "x_" + plain
        : "x_"
            + plain.substring(0, Math.min(NAME_MAX, plain.length()))
            + "_"
            + HexFormat.of().toHexDigits((int) sum.getValue());
  }

  private static String quoted(String name) {
    return "\"" + name + "\"";
  }

  /** The files beside a SQLite database in which extensions have their tables. */
  static List<Path> filesBeside(Path database) {
    Path folder =
        Objects.requireNonNull(database.toAbsolutePath().getParent(), "a file in a folder");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> isFileName(file.getFileName().toString())).sorted().toList();
    } catch (IOException failure) {
      throw new IllegalStateException("cannot list " + folder + ": " + failure, failure);
    }
  }

  static boolean isFileName(String name) {
    return FILE_NAME.matcher(name).matches();
  }

  private static Path file(DatabaseLocation.File database, String extension) {
    Path folder =
        Objects.requireNonNull(database.path().toAbsolutePath().getParent(), "a file in a folder");
    Path file = folder.resolve(schema(extension) + ".db");
    try {
      PrivateFolder.createFile(file);
    } catch (IOException failure) {
      throw new IllegalStateException("cannot create " + file + ": " + failure, failure);
    }
    return file;
  }

  private static void createSchema(DatabaseLocation.Server at, String schema) {
    try (Connection connection = PostgresJdbc.connect(at)) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
        statement.execute("CREATE SCHEMA IF NOT EXISTS " + quoted(schema));
      }
      connection.commit();
    } catch (SQLException failure) {
      throw new IllegalStateException(
          "cannot create the schema " + schema + ": " + failure.getMessage(), failure);
    }
  }

  /** The scripts of a jar. */
  private record Scripts(Map<String, String> scripts) implements ResourceProvider {
    @Override
    @SuppressWarnings("NullAway")
    public LoadableResource getResource(String name) {
      String text = scripts.get(name);
      return text == null ? null : new Script(name, text);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      List<LoadableResource> found = new ArrayList<>();
      scripts.forEach(
          (path, text) -> {
            String file = path.substring(path.lastIndexOf('/') + 1);
            if (file.startsWith(prefix) && Arrays.stream(suffixes).anyMatch(file::endsWith)) {
              found.add(new Script(path, text));
            }
          });
      return found;
    }
  }

  private static final class Script extends LoadableResource {
    private final String path;
    private final String text;

    Script(String path, String text) {
      this.path = path;
      this.text = text;
    }

    @Override
    public Reader read() {
      return new StringReader(text);
    }

    @Override
    public String getAbsolutePath() {
      return path;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return path;
    }

    @Override
    public String getFilename() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public String getRelativePath() {
      return path;
    }
  }

  /**
   * Connections to a SQLite file whose autocommit is on again after each transaction. The JDBC
   * client of Vert.x leaves it off, and what the connection writes afterwards would never be
   * committed.
   */
  private static final class SqliteSource implements DataSource {
    private final Path file;
    private final SQLiteConfig config = new SQLiteConfig();

    SqliteSource(Path file, StoreConfig store) {
      this.file = file;
      config.setJournalMode(JournalMode.WAL);
      config.setSynchronous(SynchronousMode.FULL);
      config.enforceForeignKeys(true);
      config.setBusyTimeout((int) store.statementTimeout().toMillis());
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = config.createConnection("jdbc:sqlite:" + file);
      var ended = new AtomicBoolean();
      return (Connection)
          Proxy.newProxyInstance(
              ExtensionTables.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (_, method, arguments) -> {
                boolean ends =
                    method.getName().equals("commit") || method.getName().equals("rollback");
                if (ends) {
                  ended.set(true);
                } else if (method.getName().equals("setAutoCommit") && ended.getAndSet(false)) {
                  // The client switches it off here, where it means on.
                  connection.setAutoCommit(true);
                  return null;
                }
                try {
                  return method.invoke(connection, arguments);
                } catch (InvocationTargetException failure) {
                  throw failure.getCause();
                }
              });
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }

    @Override
    @SuppressWarnings("NullAway")
    public PrintWriter getLogWriter() {
      return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
      return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }
}
