package dev.rookery.store;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The location of the database: a SQLite file or a PostgreSQL server. */
public sealed interface DatabaseLocation {
  /** A SQLite file, created with its folder when absent. One process at a time may open it. */
  record File(Path path) implements DatabaseLocation {}

  /** A database on a PostgreSQL server, shared by all nodes. */
  record Server(
      String host, int port, String database, String user, @Nullable String password, boolean tls)
      implements DatabaseLocation {
    public static final int PORT = 5432;

    /** The location without its password, so that it may be logged. */
    @Override
    public String toString() {
      return "postgres://" + user + "@" + host + ":" + port + "/" + database;
    }
  }

  /**
   * Parses {@code postgres://user:password@host:port/database?sslmode=require} (or {@code
   * postgresql://}); any other text is the path of a SQLite file, with or without the prefix {@code
   * sqlite:}.
   *
   * @throws IllegalArgumentException if the text is neither; its message does not contain the
   *     password
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
      // The URL is not shown: it may contain a password.
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
    String[] credentials = uri.getRawUserInfo().split(":", 2);
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    return new Server(
        host,
        uri.getPort() < 0 ? Server.PORT : uri.getPort(),
        database,
        decode(credentials[0]),
        credentials.length == 2 ? decode(credentials[1]) : null,
        query.contains("sslmode=require") || query.contains("sslmode=verify"));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
