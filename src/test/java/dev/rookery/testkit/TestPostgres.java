package dev.rookery.testkit;

import dev.rookery.store.DatabaseLocation;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL server of this test run: started by the first test that needs it, ended with the
 * process. It also works as root, which PostgreSQL itself refuses, by running in its own user
 * namespace.
 */
final class TestPostgres {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final EmbeddedPostgres server;
  // Databases are copied and dropped while tests run: both take the server longer than the
  // processor.
  private final ExecutorService background =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("databases").factory());
  private final AtomicReference<@Nullable RuntimeException> dropFailed = new AtomicReference<>();
  private final Queue<String> clean = new ConcurrentLinkedQueue<>();
  private @Nullable CompletableFuture<Databases.TestDatabase> spare;
  private final DatabaseReset reset;

  private TestPostgres(EmbeddedPostgres server) throws SQLException {
    this.server = server;
    try (Connection template = connect(SchemaTemplates.DATABASE)) {
      this.reset = new DatabaseReset(template);
    }
  }

  private Connection connect(String database) throws SQLException {
    return server.getDatabase("postgres", database).getConnection();
  }

  static TestPostgres running() {
    return SharedServer.RUNNING;
  }

  /**
   * Returns a database with the current schema and without rows: one that a test has used and that
   * is clean again, or else a copy of the template, of which the next one is started.
   */
  synchronized Databases.TestDatabase create() {
    RuntimeException failure = dropFailed.get();
    if (failure != null) {
      throw failure;
    }
    String name = clean.poll();
    if (name != null) {
      return reusable(name);
    }
    CompletableFuture<Databases.TestDatabase> ready = spare == null ? copyTemplate() : spare;
    Databases.TestDatabase database = ready.join();
    spare = copyTemplate();
    return database;
  }

  private CompletableFuture<Databases.TestDatabase> copyTemplate() {
    return CompletableFuture.supplyAsync(
        () -> reusable(copy(SchemaTemplates.DATABASE)), background);
  }

  private Databases.TestDatabase reusable(String name) {
    return new Databases.TestDatabase(
        "postgres", location(name), () -> background.execute(() -> recycle(name)));
  }

  /**
   * Makes a used database clean, under another name, so that what a test has left running does not
   * find it.
   */
  private void recycle(String used) {
    String name = "test_" + NUMBER.incrementAndGet();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      DatabaseReset.endSessions(connection, used);
      statement.execute("ALTER DATABASE " + used + " RENAME TO " + name);
    } catch (SQLException inUse) {
      drop(used);
      return;
    }
    try (Connection connection = connect(name)) {
      if (reset.run(connection)) {
        clean.add(name);
        return;
      }
    } catch (SQLException failure) {
      dropFailed.set(new IllegalStateException("a used database was not made clean", failure));
    }
    drop(name);
  }

  Databases.TestDatabase createEmpty() {
    return create("template0");
  }

  Databases.TestDatabase createEmpty(String encoding) {
    return create("template0 ENCODING '" + encoding + "' LC_COLLATE 'C' LC_CTYPE 'C'");
  }

  private Databases.TestDatabase create(String template) {
    String name = copy(template);
    return new Databases.TestDatabase(
        "postgres", location(name), () -> background.execute(() -> drop(name)));
  }

  private String copy(String template) {
    String name = "test_" + NUMBER.incrementAndGet();
    // Half the work of copying through the log, which PostgreSQL does by default.
    execute("CREATE DATABASE " + name + " STRATEGY FILE_COPY TEMPLATE " + template);
    return name;
  }

  private void drop(String name) {
    try {
      execute("DROP DATABASE " + name + " WITH (FORCE)");
    } catch (RuntimeException failure) {
      dropFailed.set(failure);
    }
  }

  private DatabaseLocation.Server location(String database) {
    return new DatabaseLocation.Server(
        "localhost", server.getPort(), database, "postgres", "postgres");
  }

  private void execute(String sql) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  private static TestPostgres start() {
    try {
      Path folder = Files.createTempDirectory("rookery-postgres");
      Path data = folder.resolve("data");
      SchemaTemplates.copyPostgres(data);
      // The machine does not crash during a test: a killed process loses nothing without fsync
      // either.
      String fsync = System.getProperty("rookery.test.postgres.fsync", "off");
      var server =
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setPGStartupWait(Duration.ofMinutes(5))
              .setServerConfig("fsync", fsync)
              .setServerConfig("synchronous_commit", fsync)
              .setServerConfig("max_connections", "300")
              // Databases live for seconds: nothing is worth writing out early or cleaning up.
              .setServerConfig("autovacuum", "off")
              .setServerConfig("full_page_writes", "off")
              .setServerConfig("wal_level", "minimal")
              .setServerConfig("max_wal_senders", "0")
              .setServerConfig("checkpoint_timeout", "1h")
              .setServerConfig("max_wal_size", "4GB")
              .setServerConfig("jit", "off")
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(server, folder)));
      return new TestPostgres(server);
    } catch (IOException | SQLException failure) {
      throw new IllegalStateException(
          "PostgreSQL did not start; -Drookery.test.postgres=off runs the tests without it",
          failure);
    }
  }

  private static void remove(EmbeddedPostgres server, Path folder) {
    try {
      server.close();
      SchemaTemplates.deleteFolder(folder);
    } catch (IOException | UncheckedIOException _) {
      // It is in the folder for temporary files.
    }
  }

  private static final class SharedServer {
    private static final TestPostgres RUNNING = start();
  }
}
