package dev.rookery.node;

import dev.rookery.config.DatabaseConfig.Adapter;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.StoreConfig;
import java.nio.file.Path;
import java.util.Objects;

/** Determines which database is configured, and the settings of the store. */
final class StoreFactory {
  private static final String FILE = "rookery.db";

  private StoreFactory() {}

  static StoreConfig of(NodeConfig config) {
    var store = config.store();
    var standard = StoreConfig.of(location(config));
    return new StoreConfig(
        standard.location(),
        store.poolSize(),
        store.waitingMax(),
        store.statementTimeout(),
        store.connectTimeout(),
        store.historyFor(),
        store.historyMax(),
        store.answersFor(),
        standard.streamRetention());
  }

  /**
   * @throws IllegalArgumentException if the URL is malformed; without the password
   */
  static DatabaseLocation location(NodeConfig config) {
    var store = config.store();
    if (store.url() != null) {
      return DatabaseLocation.parse(store.url().value());
    }
    if (store.isPostgresByParts()) {
      Secret password = store.password();
      return new DatabaseLocation.Server(
          Objects.requireNonNull(store.host()),
          store.port(),
          store.database(),
          Objects.requireNonNull(store.user()),
          password == null ? null : password.value(),
          false);
    }
    Path file = store.sqlitePath();
    return new DatabaseLocation.File(file == null ? config.dataDir().resolve(FILE) : file);
  }

  /** Describes the database to the operator, without the password. */
  static String describe(DatabaseLocation location) {
    return switch (location) {
      case DatabaseLocation.File(var path) -> "SQLite at " + path;
      case DatabaseLocation.Server server -> "PostgreSQL at " + server;
    };
  }

  static void check(NodeConfig config) {
    DatabaseLocation location = location(config);
    if (config.cluster().enabled() && location instanceof DatabaseLocation.File) {
      throw new IllegalArgumentException("a cluster needs PostgreSQL, which all nodes share");
    }
    if (config.store().adapter() == Adapter.POSTGRES && location instanceof DatabaseLocation.File) {
      throw new IllegalArgumentException("is a SQLite file, but store.adapter says postgres");
    }
  }
}
