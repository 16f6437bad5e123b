package dev.rookery.testkit;

import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.TestSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A PostgreSQL server of a test's own, which it may stop and start as it likes. */
public final class PostgresServer implements AutoCloseable {
  private final Path folder;
  private final int port = NodeProcess.freePort();
  private EmbeddedPostgres server;

  private PostgresServer(Path folder) {
    this.folder = folder;
  }

  /** With the present schema. */
  public static PostgresServer start(Path folder) {
    var postgres = new PostgresServer(folder);
    postgres.start();
    TestSchema.migrate(postgres.testDatabase().location());
    return postgres;
  }

  public void start() {
    try {
      // Without fsync: nobody pulls the plug, and what a killed process wrote is there.
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

  /** Ends its connections, whatever they are doing. */
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
