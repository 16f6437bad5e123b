package dev.rookery.cache;

import dev.rookery.base.ServiceUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is: {@code redis://user:password@host:port/database}, {@code rediss://} for TLS, or
 * {@code unix:///path?db=1} for a Unix socket, also as {@code redis+socket:///path}.
 *
 * @param path of the Unix socket; null for a host
 */
record RedisAddress(
    boolean tls,
    String host,
    int port,
    @Nullable String path,
    @Nullable String user,
    @Nullable String password,
    @Nullable Integer database) {
  private static final int PORT = 6379;
  private static final List<String> PARAMETERS = List.of("db", "user", "password");
  private static final List<String> SOCKET_SCHEMES = List.of("unix", "redis+socket", "redis+unix");

  /**
   * Parses a URL.
   *
   * @throws IllegalArgumentException with a message that names the wrong part and does not contain
   *     the URL
   */
  static RedisAddress parse(String text) {
    // unix:/path is the same as unix:///path.
    ServiceUrl url =
        ServiceUrl.parse(
            text.startsWith("unix:/") && !text.startsWith("unix://")
                ? "unix://" + text.substring("unix:".length())
                : text);
    boolean socket = SOCKET_SCHEMES.contains(url.scheme());
    if (!socket && !url.scheme().equals("redis") && !url.scheme().equals("rediss")) {
      throw new IllegalArgumentException(
          "has a scheme other than redis://, rediss:// for TLS, and unix:// for a socket");
    }
    for (String name : url.parameters().keySet()) {
      if (!PARAMETERS.contains(name)) {
        throw new IllegalArgumentException(
            "has the unknown parameter "
                + url.shown(name)
                + "; known are "
                + String.join(", ", PARAMETERS));
      }
    }
    String path = url.decodedPath();
    if (socket && path.length() < 2) {
      throw new IllegalArgumentException("has no path of a Unix socket");
    }
    if (!socket && (url.host().isEmpty() || url.host().startsWith("/"))) {
      throw new IllegalArgumentException(
          "has no host: it is redis://[:password@]host[:port][/database]");
    }
    return new RedisAddress(
        url.scheme().equals("rediss"),
        socket ? "" : ServiceUrl.parseHost(url.host()),
        url.portOr(PORT),
        socket ? path : null,
        one("user name", url.user(), url.parameters().get("user")),
        one("password", url.password(), url.parameters().get("password")),
        database(
            one(
                "database",
                socket || path.length() < 2 ? null : path.substring(1),
                url.parameters().get("db"))));
  }

  private static @Nullable String one(
      String part, @Nullable String inUrl, @Nullable String asParameter) {
    if (inUrl != null && asParameter != null) {
      throw new IllegalArgumentException("has two values for its " + part);
    }
    return inUrl == null ? asParameter : inUrl;
  }

  private static @Nullable Integer database(@Nullable String text) {
    if (text == null) {
      return null;
    }
    if (!text.matches("[0-9]{1,4}")) {
      throw new IllegalArgumentException("has a database that is not a number");
    }
    return Integer.valueOf(text);
  }

  /** Whether the Redis client cannot read the host, and must be given its address. */
  boolean needsResolution() {
    if (path != null) {
      return false;
    }
    try {
      return new URI("redis://" + ServiceUrl.bracketed(host)).getHost() == null;
    } catch (URISyntaxException _) {
      return true;
    }
  }

  /** As the Redis client reads it; another host may stand in place of this one. */
  String connectionString(String reached) {
    String secret = password == null ? "" : ":" + ServiceUrl.encode(password);
    String name = user == null ? "" : ServiceUrl.encode(user);
    String credentials = name.isEmpty() && secret.isEmpty() ? "" : name + secret + "@";
    if (path != null) {
      String encoded = ServiceUrl.encode(path).replace("%2F", "/");
      // Credentials need a host beside them, which is not used.
      String authority = credentials.isEmpty() ? "" : credentials + "localhost";
      return "unix://" + authority + encoded + (database == null ? "" : "?db=" + database);
    }
    return (tls ? "rediss://" : "redis://")
        + credentials
        + ServiceUrl.bracketed(reached)
        + ":"
        + port
        + (database == null ? "" : "/" + database);
  }

  /**
   * The address of another node of the same Redis Cluster, with the credentials of this one.
   *
   * @param node {@code host:port}
   * @throws IllegalArgumentException if this cannot be a node of a cluster, or the other is none
   */
  RedisAddress clusterNode(String node) {
    if (path != null) {
      throw new IllegalArgumentException("needs a URL with a host, and not one of a Unix socket");
    }
    if (database != null && database != 0) {
      throw new IllegalArgumentException("needs a URL without a database: a cluster has one alone");
    }
    RedisAddress other = parse("redis://" + node);
    if (other.user != null || other.password != null || other.database != null) {
      throw new IllegalArgumentException("has an entry that is not host:port");
    }
    if (needsResolution() || other.needsResolution()) {
      throw new IllegalArgumentException("has a host with a character that no host name has");
    }
    return new RedisAddress(tls, other.host, other.port, null, user, password, null);
  }

  /** The address without its password, so that it may be logged. */
  @Override
  public String toString() {
    return path == null ? ServiceUrl.bracketed(host) + ":" + port : path;
  }
}
