package dev.rookery.node;

import dev.rookery.base.ServiceUrl;
import dev.rookery.config.DatabaseConfig;
import dev.rookery.config.DatabaseConfig.Adapter;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.PostgresTls;
import dev.rookery.store.StoreConfig;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
        standard.streamRetention(),
        store.unreadFor());
  }

  /**
   * @throws IllegalArgumentException if the URL is malformed; without the password
   */
  static DatabaseLocation location(NodeConfig config) {
    var store = config.store();
    if (store.url() != null) {
      DatabaseLocation location =
          DatabaseLocation.parse(
              store.url().value(),
              name(store.sslMode()),
              store.sslRootCert(),
              store.sslCert(),
              store.sslKey());
      return location instanceof DatabaseLocation.Server server && store.pooled()
          ? server.withPooled()
          : location;
    }
    if (store.isPostgresByParts()) {
      Secret password = store.password();
      return new DatabaseLocation.Server(
          host(Objects.requireNonNull(store.host())),
          store.port(),
          store.database(),
          Objects.requireNonNull(store.user()),
          password == null ? null : password.value(),
          tls(store),
          store.pooled());
    }
    return sqlite(config);
  }

  private static DatabaseLocation.File sqlite(NodeConfig config) {
    Path file = config.store().sqlitePath();
    return DatabaseLocation.file((file == null ? config.dataDir().resolve(FILE) : file).toString());
  }

  /** A host, or the folder of a Unix socket. */
  private static String host(String text) {
    return text.startsWith("/") ? text : ServiceUrl.parseHost(text);
  }

  private static PostgresTls tls(DatabaseConfig store) {
    return PostgresTls.of(
        name(store.sslMode()), store.sslRootCert(), store.sslCert(), store.sslKey());
  }

  private static @Nullable String name(DatabaseConfig.@Nullable SslMode mode) {
    return mode == null ? null : mode.toString();
  }

  /** The file of the database; null if it is on a server, or the location is malformed. */
  static @Nullable Path file(NodeConfig config) {
    try {
      return location(config) instanceof DatabaseLocation.File(var path) ? path : null;
    } catch (IllegalArgumentException _) {
      // Reported by the check of its own key.
      return null;
    }
  }

  /** Describes the database to the operator, without the password. */
  static String describe(DatabaseLocation location) {
    return switch (location) {
      case DatabaseLocation.File(var path) -> "SQLite at " + path;
      case DatabaseLocation.Server server -> "PostgreSQL at " + server;
    };
  }

  static void checkHost(NodeConfig config) {
    String host = config.store().host();
    if (config.store().url() == null && host != null) {
      host(host);
    }
  }

  static void checkTls(NodeConfig config) {
    if (config.store().url() == null) {
      tls(config.store());
    }
  }

  static void checkFile(NodeConfig config) {
    DatabaseConfig store = config.store();
    if (store.url() == null && !store.isPostgresByParts()) {
      sqlite(config);
    }
  }

  /** Checks the URL, and the location as a whole. */
  static void check(NodeConfig config) {
    DatabaseLocation location;
    try {
      location = location(config);
    } catch (IllegalArgumentException wrong) {
      if (config.store().url() != null) {
        throw wrong;
      }
      // Reported with the key that is wrong.
      return;
    }
    if (config.store().url() == null && config.store().adapter() == Adapter.POSTGRES) {
      // What a server needs is missing, and reported with its key.
      return;
    }
    if (config.cluster().enabled() && location instanceof DatabaseLocation.File) {
      throw new IllegalArgumentException("a cluster needs PostgreSQL, which all nodes share");
    }
    if (config.store().adapter() == Adapter.POSTGRES && location instanceof DatabaseLocation.File) {
      throw new IllegalArgumentException("is a SQLite file, but store.adapter says postgres");
    }
  }
}
