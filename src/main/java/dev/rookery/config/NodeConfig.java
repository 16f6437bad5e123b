package dev.rookery.config;

import dev.rookery.base.Limits;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a node, with their defaults. The tree of records is the tree of keys: {@code
 * http.port} is the component {@code port} of {@link HttpConfig}. {@code conf/reference.yaml}
 * explains each key, and a test compares it with these records.
 *
 * <p>Null means that a key is not set; the methods of the records then choose a value.
 */
public record NodeConfig(
    boolean production,
    @Setting(env = "APP_VERSION") @Nullable String version,
    Path dataDir,
    HttpConfig http,
    DatabaseConfig store,
    AuthConfig auth,
    ProvidersConfig providers,
    Limits limits,
    RateLimitConfig rateLimit,
    CacheConfig cache,
    KvConfig kv,
    EmailConfig mail,
    PagesConfig pages,
    AdminConfig admin,
    ClusterConfig cluster,
    PresenceConfig presence,
    NotificationsConfig notifications,
    PrivacyConfig privacy,
    FanOutConfig fanOut,
    SocketsConfig sockets,
    MemoryConfig memory,
    StaticFilesConfig staticFiles,
    AllocationConfig allocation,
    MatchmakingConfig matchmaking,
    MatchesConfig matches,
    LeaderboardsConfig leaderboards,
    ExtensionsConfig extensions,
    GodraConfig godra,
    WebRtcConfig webRtc,
    MetricsConfig metrics,
    LogConfig log,
    SentryConfig sentry,
    LoadTestsConfig loadTests,
    DrainConfig drain,
    BackupsConfig backups,
    DrillsConfig drills,
    TracesConfig traces) {
  public static final NodeConfig DEFAULTS =
      new NodeConfig(
          false,
          null,
          Path.of("data"),
          HttpConfig.DEFAULTS,
          DatabaseConfig.DEFAULTS,
          AuthConfig.DEFAULTS,
          ProvidersConfig.DEFAULTS,
          Limits.DEFAULTS,
          RateLimitConfig.DEFAULTS,
          CacheConfig.DEFAULTS,
          KvConfig.DEFAULTS,
          EmailConfig.DEFAULTS,
          PagesConfig.DEFAULTS,
          AdminConfig.DEFAULTS,
          ClusterConfig.DEFAULTS,
          PresenceConfig.DEFAULTS,
          NotificationsConfig.DEFAULTS,
          PrivacyConfig.DEFAULTS,
          FanOutConfig.DEFAULTS,
          SocketsConfig.DEFAULTS,
          MemoryConfig.DEFAULTS,
          StaticFilesConfig.DEFAULTS,
          AllocationConfig.DEFAULTS,
          MatchmakingConfig.DEFAULTS,
          MatchesConfig.DEFAULTS,
          LeaderboardsConfig.DEFAULTS,
          ExtensionsConfig.DEFAULTS,
          GodraConfig.DEFAULTS,
          WebRtcConfig.DEFAULTS,
          MetricsConfig.DEFAULTS,
          LogConfig.DEFAULTS,
          SentryConfig.DEFAULTS,
          LoadTestsConfig.DEFAULTS,
          DrainConfig.DEFAULTS,
          BackupsConfig.DEFAULTS,
          DrillsConfig.DEFAULTS,
          TracesConfig.DEFAULTS);

  static String key(String parent, String component) {
    return parent.isEmpty() ? component : parent + "." + component;
  }

  /** The environment variable of a key: {@code ROOKERY_HTTP_PORT} for {@code http.port}. */
  static String environmentName(String key) {
    var name = new StringBuilder("ROOKERY_");
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (Character.isUpperCase(c)) {
        name.append('_');
      }
      name.append(c == '.' ? '_' : c);
    }
    return name.toString().toUpperCase(Locale.ROOT);
  }
}
