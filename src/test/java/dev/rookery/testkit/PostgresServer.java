package dev.rookery.testkit;

import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.TestSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A PostgreSQL server of one test, which it can stop and start. */
public final class PostgresServer implements AutoCloseable {
  private final Path folder;
  private final int port = NodeProcess.freePort();
  private EmbeddedPostgres server;

  private PostgresServer(Path folder) {
    this.folder = folder;
  }

  /** Starts a server with the current schema. */
  public static PostgresServer start(Path folder) {
    var postgres = new PostgresServer(folder);
    postgres.start();
    TestSchema.migrate(postgres.testDatabase().location());
    return postgres;
  }

  public void start() {
    try {
      // No fsync: the machine does not crash, and what a killed process wrote is kept.
      server =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder)
              .setCleanDataDirectory(false)
              .setPort(port)
              .setServerConfig("fsync", "off")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("max_connections", "200")
              .start();
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
        new DatabaseLocation.Server("localhost", port, "postgres", "postgres", "postgres", false),
        () -> {});
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
