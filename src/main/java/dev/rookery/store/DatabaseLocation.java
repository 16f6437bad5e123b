package dev.rookery.store;

import dev.rookery.base.ServiceUrl;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The location of the database: a SQLite file or a PostgreSQL server. */
public sealed interface DatabaseLocation {
  /** A SQLite file, created with its folder when absent. One process at a time may open it. */
  record File(Path path) implements DatabaseLocation {}

  /**
   * A database on a PostgreSQL server, shared by all nodes.
   *
   * @param host a name, an address without brackets, or the folder of a Unix socket, which begins
   *     with a slash
   * @param pooled whether a connection pooler gives each transaction another session
   */
  record Server(
      String host,
      int port,
      String database,
      String user,
      @Nullable String password,
      PostgresTls tls,
      boolean pooled)
      implements DatabaseLocation {
    public static final int PORT = 5432;

    /** A server without a pooler, whose connections are encrypted if it can. */
    public Server(String host, int port, String database, String user, @Nullable String password) {
      this(host, port, database, user, password, PostgresTls.PREFER, false);
    }

    /** The same server behind a pooler that gives each transaction another session. */
    public Server withPooled() {
      return new Server(host, port, database, user, password, tls, true);
    }

    /** Whether connections go through a Unix socket. */
    boolean isSocket() {
      return host.startsWith("/");
    }

    /** The Unix socket, as PostgreSQL names it. */
    String socketPath() {
      return host + "/.s.PGSQL." + port;
    }

    /** The location without its password, so that it may be logged. */
    @Override
    public String toString() {
      String at = isSocket() ? socketPath() : ServiceUrl.bracketed(host) + ":" + port;
      return "postgres://" + user + "@" + at + "/" + database;
    }
  }

  /** What the parameters of a PostgreSQL URL may be called. */
  List<String> PARAMETERS =
      List.of(
          "host",
          "port",
          "dbname",
          "user",
          "password",
          "sslmode",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "ssl");

  /** Parses a location as {@link #parse(String, PostgresTls)} does, without further settings. */
  static DatabaseLocation parse(String url) {
    return parse(url, null, null, null, null);
  }

  /**
   * Parses {@code postgres://user:password@host:port/database?sslmode=require} (or {@code
   * postgresql://}); any other text is the path of a SQLite file, with or without the prefix {@code
   * sqlite:}.
   *
   * <p>The parameters are {@link #PARAMETERS}, with the meaning that libpq gives them; {@code
   * ?host=/var/run/postgresql} is the folder of a Unix socket, and {@code ssl=true} is {@code
   * sslmode=require}. The last four arguments are for what the URL does not say.
   *
   * @throws IllegalArgumentException if the text is neither; its message names the wrong part and
   *     does not contain the text
   */
  static DatabaseLocation parse(
      String url,
      @Nullable String sslMode,
      @Nullable String sslRootCert,
      @Nullable String sslCert,
      @Nullable String sslKey) {
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("postgres://") || lower.startsWith("postgresql://")) {
      return server(ServiceUrl.parse(url), sslMode, sslRootCert, sslCert, sslKey);
    }
    if (lower.startsWith("sqlite:")) {
      String path = url.substring("sqlite:".length());
      return file(path.startsWith("//") ? path.substring(2) : path);
    }
    if (lower.matches("[a-z][a-z0-9+.-]+:.*") || url.contains("://") || url.contains("@")) {
      throw notALocation();
    }
    return file(url);
  }

  /**
   * A SQLite file.
   *
   * @throws IllegalArgumentException if the text is no path, without the text
   */
  static File file(String path) {
    // The driver reads what follows a question mark as settings.
    if (path.contains("?")) {
      throw new IllegalArgumentException("has parameters, which a SQLite file has not");
    }
    if (path.contains(":memory:")) {
      throw new IllegalArgumentException("is a SQLite database in memory; a file is needed");
    }
    if (path.isBlank()) {
      throw notALocation();
    }
    try {
      return new File(Path.of(path));
    } catch (InvalidPathException _) {
      throw notALocation();
    }
  }

  private static IllegalArgumentException notALocation() {
    // The URL is not shown: it may contain a password.
    return new IllegalArgumentException(
        "the database is neither postgres://… nor the path of a SQLite file");
  }

  private static Server server(
      ServiceUrl url,
      @Nullable String sslMode,
      @Nullable String sslRootCert,
      @Nullable String sslCert,
      @Nullable String sslKey) {
    var parameters = new LinkedHashMap<>(url.parameters());
    rejectUnknown(url);
    String host = one("host", url.host().isEmpty() ? null : url.host(), parameters.get("host"));
    String database =
        one(
            "database",
            url.path().length() < 2 ? null : url.decodedPath().substring(1),
            parameters.get("dbname"));
    String user = one("user name", url.user(), parameters.get("user"));
    String password = one("password", url.password(), parameters.get("password"));
    if (host == null || host.isEmpty()) {
      throw new IllegalArgumentException(
          "has no host: a PostgreSQL URL looks like postgres://user:password@host:port/database");
    }
    boolean socket = host.startsWith("/");
    if (database == null || database.isEmpty()) {
      throw new IllegalArgumentException("has no database, which follows the host as /database");
    }
    if (user == null && socket) {
      // On a Unix socket a server may trust the operating system's word for the user.
      user = System.getProperty("user.name");
    }
    if (user == null || user.isEmpty()) {
      throw new IllegalArgumentException("has no user name, which precedes the host as user@");
    }
    if (parameters.containsKey("ssl") && parameters.containsKey("sslmode")) {
      throw new IllegalArgumentException("has both ssl and sslmode; remove ssl");
    }
    String mode = parameters.containsKey("ssl") ? "require" : parameters.get("sslmode");
    return new Server(
        socket ? host : ServiceUrl.parseHost(host),
        port(url.port(), parameters.get("port")),
        database,
        user,
        password,
        PostgresTls.of(
            either(mode, sslMode),
            either(parameters.get("sslrootcert"), sslRootCert),
            either(parameters.get("sslcert"), sslCert),
            either(parameters.get("sslkey"), sslKey)),
        false);
  }

  private static void rejectUnknown(ServiceUrl url) {
    boolean afterPassword = false;
    for (var parameter : url.parameters().entrySet()) {
      String name = parameter.getKey();
      if (!PARAMETERS.contains(name)) {
        // After a password, this may be the rest of it.
        String shown = afterPassword ? "" : " " + url.shown(name);
        throw new IllegalArgumentException(
            "has the unknown parameter" + shown + "; known are " + String.join(", ", PARAMETERS));
      }
      if (name.equals("ssl") && !parameter.getValue().equals("true")) {
        throw new IllegalArgumentException("knows ssl=true alone; use sslmode instead");
      }
      afterPassword |= name.equals("password");
    }
  }

  private static @Nullable String either(@Nullable String first, @Nullable String second) {
    return first == null ? second : first;
  }

  private static @Nullable String one(
      String part, @Nullable String inUrl, @Nullable String asParameter) {
    if (inUrl != null && asParameter != null) {
      throw new IllegalArgumentException("has two values for its " + part);
    }
    return inUrl == null ? asParameter : inUrl;
  }

  private static int port(int inUrl, @Nullable String asParameter) {
    if (asParameter == null) {
      return inUrl == 0 ? Server.PORT : inUrl;
    }
    int port = asParameter.matches("[0-9]{1,5}") ? Integer.parseInt(asParameter) : 0;
    if (inUrl != 0 || port == 0 || port > 65_535) {
      throw new IllegalArgumentException(
          inUrl != 0
              ? "has two values for its port"
              : "has a port that is not a number from 1 to 65535");
    }
    return port;
  }
}
