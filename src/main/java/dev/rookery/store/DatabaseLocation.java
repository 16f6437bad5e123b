package dev.rookery.store;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the database is. */
public sealed interface DatabaseLocation {
  /** A SQLite file, made with its folder when absent. One process at a time may open it. */
  record File(Path path) implements DatabaseLocation {}

  /** A database of a PostgreSQL server, shared by all nodes. */
  record Server(
      String host, int port, String database, String user, @Nullable String password, boolean tls)
      implements DatabaseLocation {
    public static final int PORT = 5432;

    /** Without the password, so that it may be logged. */
    @Override
    public String toString() {
      return "postgres://" + user + "@" + host + ":" + port + "/" + database;
    }
  }

  /**
   * Reads {@code postgres://user:password@host:port/database?sslmode=require} (or {@code
   * postgresql://}); everything else is the path of a SQLite file, with or without {@code sqlite:}
   * before it.
   */
  static DatabaseLocation parse(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("postgres://") || lower.startsWith("postgresql://")) {
      return server(URI.create(url));
    }
    if (lower.startsWith("sqlite:")) {
      String path = url.substring("sqlite:".length());
      return new File(Path.of(path.startsWith("//") ? path.substring(2) : path));
    }
    if (url.isBlank() || lower.matches("[a-z][a-z0-9+.-]+:.*")) {
      // Not the URL itself: it may hold a password.
      throw new IllegalArgumentException(
          "the database is neither postgres://… nor the path of a SQLite file");
    }
    return new File(Path.of(url));
  }

  private static Server server(URI uri) {
    String host = uri.getHost();
    String database = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
    if (host == null || database.isEmpty() || uri.getRawUserInfo() == null) {
      throw new IllegalArgumentException(
          "a PostgreSQL URL looks like postgres://user:password@host:port/database");
    }
    String[] login = uri.getRawUserInfo().split(":", 2);
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    return new Server(
        host,
        uri.getPort() < 0 ? Server.PORT : uri.getPort(),
        database,
        decoded(login[0]),
        login.length == 2 ? decoded(login[1]) : null,
        query.contains("sslmode=require") || query.contains("sslmode=verify"));
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
