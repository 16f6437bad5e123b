package dev.rookery.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.rookery.store.DatabaseLocation;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL server of one test, which it can stop and start. */
public final class PostgresServer implements AutoCloseable {
  private static final Duration WAIT = Duration.ofMinutes(2);

  private final Path folder;
  private final int port = NodeProcess.freePort();
  private final Map<String, String> settings;
  private EmbeddedPostgres server;

  private PostgresServer(Path folder, Map<String, String> settings) {
    this.folder = folder;
    this.settings = settings;
  }

  /** Starts a server with the current schema. */
  public static PostgresServer start(Path folder) {
    return start(folder, Map.of());
  }

  /** Starts a server with the current schema and these settings. */
  public static PostgresServer start(Path folder, Map<String, String> settings) {
    SchemaTemplates.copyPostgres(folder);
    return startIn(folder, settings);
  }

  private static PostgresServer startIn(Path folder, Map<String, String> settings) {
    var postgres = new PostgresServer(folder, settings);
    postgres.start();
    return postgres;
  }

  /** Starts a server on a copy of this one's data. */
  public PostgresServer copy(Path other) {
    stop();
    SchemaTemplates.copyFolder(folder, other);
    start();
    return startIn(other, settings);
  }

  public void start() {
    try {
      // No fsync: the machine does not crash, and what a killed process wrote is kept.
      var builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder)
              .setCleanDataDirectory(false)
              .setPort(port)
              .setPGStartupWait(WAIT)
              .setServerConfig("fsync", "off")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("max_connections", "200");
      settings.forEach(builder::setServerConfig);
      server = builder.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Stops the server and ends its connections. */
  public void stop() {
    close();
  }

  public Databases.TestDatabase testDatabase() {
    return new Databases.TestDatabase(
        "postgres",
        new DatabaseLocation.Server("localhost", port, "postgres", "postgres", "postgres"),
        () -> {});
  }

  public int port() {
    return port;
  }

  /** Replaces the rules by which the server lets clients in. */
  public void allow(String rules) {
    try {
      Files.writeString(folder.resolve("pg_hba.conf"), rules);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    execute("SELECT pg_reload_conf()");
  }

  /** Runs statements as the superuser, through a connection without TLS. */
  public void execute(String... statements) {
    for (String sql : statements) {
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException failure) {
        throw new IllegalStateException(sql, failure);
      }
    }
  }

  /** The number that a query finds. */
  public long count(String query) {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(query)) {
      results.next();
      return results.getLong(1);
    } catch (SQLException failure) {
      throw new IllegalStateException(query, failure);
    }
  }

  @Override
  public void close() {
    Optional<ProcessHandle> postmaster = postmaster(folder);
    try {
      server.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    // The library waits five seconds, then goes on without an error; a server that still shuts down
    // would refuse its successor the folder.
    postmaster.ifPresent(process -> process.onExit().orTimeout(WAIT.toSeconds(), SECONDS).join());
  }

  /** The process of the server whose data are in the folder; empty if it does not run. */
  static Optional<ProcessHandle> postmaster(Path folder) {
    try (Stream<String> lines = Files.lines(folder.resolve("postmaster.pid"))) {
      return lines.findFirst().map(Long::parseLong).flatMap(ProcessHandle::of);
    } catch (NoSuchFileException stopped) {
      return Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
