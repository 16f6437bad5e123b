package dev.rookery.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The HTTP server: where it listens, how players reach it, and what it accepts. */
public record HttpConfig(
    String host,
    @Setting(env = "PORT", min = 0, max = 65_535) int port,
    @Setting(env = "PHX_HOST") String publicHost,
    @Setting(env = "PHX_SCHEME") @Nullable Scheme publicScheme,
    @Setting(env = "PHX_ALLOWED_ORIGINS") List<String> allowedOrigins,
    @Setting(env = "TRUSTED_PROXIES") List<String> trustedProxies,
    List<String> addressHeaders,
    @Setting(max = 1_024) @Nullable Integer eventLoops,
    @Setting(min = 1_000, max = 86_400_000) Duration idleTimeout,
    @Setting(max = 64 << 20) int bodyBytesMax,
    @Setting(min = 256, max = 1 << 20) int uriBytesMax,
    @Setting(min = 1_024, max = 1 << 20) int headerBytesMax,
    @Setting(max = 65_535) int backlog,
    @Setting(max = 10_000_000) @Nullable Integer connectionsMax,
    @Setting(min = 100, max = 3_600_000) Duration headerTimeout,
    @Setting(min = 100, max = 3_600_000) Duration bodyTimeout,
    boolean compression) {
  static final HttpConfig DEFAULTS =
      new HttpConfig(
          "0.0.0.0",
          4000,
          "localhost",
          null,
          List.of(),
          List.of("127.0.0.0/8", "::1"),
          List.of("x-forwarded-for"),
          null,
          Duration.ofSeconds(75),
          1 << 20,
          8 << 10,
          16 << 10,
          1_024,
          null,
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          false);

  // Beyond this, memory is what limits a node.
  private static final int CONNECTIONS_LIMIT = 1_000_000;
  private static final int RESERVE_MIN = 128;
  private static final int RESERVE_MAX = 1_024;
  private static final int RESERVE_PART = 10;

  /**
   * The number of client connections that a process with this many file descriptors may have. A
   * tenth of the descriptors, at least 128 and at most 1,024, stays for the database, files and
   * health checks.
   */
  public int connectionsMaxWith(long descriptors) {
    Integer set = connectionsMax;
    if (set != null) {
      return set;
    }
    long reserve = Math.clamp(descriptors / RESERVE_PART, RESERVE_MIN, RESERVE_MAX);
    return Math.clamp(descriptors - reserve, RESERVE_MIN, CONNECTIONS_LIMIT);
  }

  /** The number of event loops on a machine with this number of cores. */
  public int eventLoopsOn(int cores) {
    return eventLoops == null ? cores : eventLoops;
  }

  /**
   * The address under which players reach this server, without a slash at the end.
   *
   * @param listening the port that the server listens on
   */
  public String publicUrl(int listening) {
    Scheme scheme = publicScheme;
    if (scheme == null) {
      boolean local = publicHost.equals("localhost") || publicHost.equals("127.0.0.1");
      scheme = local ? Scheme.HTTP : Scheme.HTTPS;
    }
    return scheme == Scheme.HTTPS
        ? "https://" + publicHost
        : "http://" + publicHost + ":" + listening;
  }

  public enum Scheme {
    HTTP,
    HTTPS
  }
}
