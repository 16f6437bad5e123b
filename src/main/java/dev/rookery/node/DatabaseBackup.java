package dev.rookery.node;

import dev.rookery.config.NodeConfig;
import dev.rookery.store.BackupRecord;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.PostgresDump;
import dev.rookery.store.PrivateFolder;
import dev.rookery.store.SqliteBackup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** Backs up and restores the configured database. Both return a sentence for the operator. */
public final class DatabaseBackup {
  private DatabaseBackup() {}

  /**
   * Writes a copy of the database as it is now; nodes may run.
   *
   * @param copy must not exist
   * @throws IllegalStateException with the reason; then there is no copy
   */
  public static String backUp(NodeConfig config, Path copy) {
    if (Files.exists(copy)) {
      throw new IllegalStateException(copy + " exists already");
    }
    try {
      PrivateFolder.create(copy.toAbsolutePath().getParent());
    } catch (IOException failure) {
      throw new IllegalStateException("cannot create the folder of " + copy, failure);
    }
    DatabaseLocation location = StoreFactory.location(config);
    switch (location) {
      case DatabaseLocation.File(var file) -> SqliteBackup.write(file, copy);
      case DatabaseLocation.Server server -> PostgresDump.write(server, copy);
    }
    return "backed up to " + copy + secretReminder(config) + record(location);
  }

  /** Tells the console, which is no reason to throw a copy away that is whole. */
  private static String record(DatabaseLocation location) {
    try {
      BackupRecord.write(location, Instant.now());
      return "";
    } catch (IllegalStateException failure) {
      return "; the console does not know of it: " + failure.getMessage();
    }
  }

  /** Without the secret nobody could sign in to a restored database by device. */
  private static String secretReminder(NodeConfig config) {
    return config.auth().signingSecret() != null
        ? "; keep SECRET_KEY_BASE with it"
        : "; keep " + config.dataDir().resolve("secrets") + " with it";
  }

  /**
   * Replaces the database by a copy that {@link #backUp} wrote. No node may run.
   *
   * @throws IllegalStateException with the reason; then the database is as before
   */
  public static String restore(NodeConfig config, Path copy) {
    if (!Files.isRegularFile(copy)) {
      throw new IllegalStateException(copy + " is no file");
    }
    return switch (StoreFactory.location(config)) {
      case DatabaseLocation.File(var file) ->
          "restored; the database before is " + SqliteBackup.restore(copy, file, Instant.now());
      case DatabaseLocation.Server server -> {
        PostgresDump.restore(copy, server);
        yield "restored";
      }
    };
  }
}
