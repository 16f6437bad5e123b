package dev.rookery.config;

import dev.rookery.base.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a node, with their defaults. The tree of records is the tree of keys: {@code
 * http.port} is the component {@code port} of {@link Http}. What a key means stands in {@code
 * conf/reference.yaml}, which a test holds to these records.
 *
 * <p>A null means: nothing given, decide by the rest; the methods here decide.
 */
public record NodeConfig(
    boolean production,
    @Setting(env = "APP_VERSION") @Nullable String version,
    Path dataDir,
    Http http,
    Store store,
    Auth auth,
    Providers providers,
    Limits limits,
    RateLimit rateLimit,
    Cache cache,
    Mail mail,
    Pages pages,
    Cluster cluster,
    Presence presence,
    FanOut fanOut,
    Sockets sockets,
    StaticFiles staticFiles,
    Allocation allocation,
    Matchmaking matchmaking,
    Metrics metrics,
    Log log,
    Drain drain) {
  public static final NodeConfig DEFAULTS =
      new NodeConfig(
          false,
          null,
          Path.of("data"),
          Http.DEFAULTS,
          Store.DEFAULTS,
          Auth.DEFAULTS,
          Providers.DEFAULTS,
          Limits.DEFAULTS,
          RateLimit.DEFAULTS,
          Cache.DEFAULTS,
          Mail.DEFAULTS,
          Pages.DEFAULTS,
          Cluster.DEFAULTS,
          Presence.DEFAULTS,
          FanOut.DEFAULTS,
          Sockets.DEFAULTS,
          StaticFiles.DEFAULTS,
          Allocation.DEFAULTS,
          Matchmaking.DEFAULTS,
          Metrics.DEFAULTS,
          Log.DEFAULTS,
          Drain.DEFAULTS);

  public record Http(
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
      boolean compression) {
    static final Http DEFAULTS =
        new Http(
            "0.0.0.0",
            4000,
            "localhost",
            null,
            List.of(),
            List.of("127.0.0.0/8", "::1"),
            List.of(
                "cf-connecting-ip", "fly-client-ip", "x-forwarded-for", "forwarded", "x-real-ip"),
            null,
            Duration.ofSeconds(75),
            1 << 20,
            8 << 10,
            16 << 10,
            1_024,
            false);

    /** How many event loops, on a machine of so many cores. */
    public int eventLoopsOn(int cores) {
      return eventLoops == null ? cores : eventLoops;
    }

    /** Where players reach this server, as far as it was told. */
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
  }

  public enum Scheme {
    HTTP,
    HTTPS
  }

  public record Store(
      @Setting(env = "DATABASE_ADAPTER") @Nullable Adapter adapter,
      @Setting(env = "DATABASE_URL") @Nullable Secret url,
      @Setting(env = "SQLITE_DATABASE_PATH") @Nullable Path sqlitePath,
      @Setting(env = "POSTGRES_HOST") @Nullable String host,
      @Setting(env = "POSTGRES_PORT", max = 65_535) int port,
      @Setting(env = "POSTGRES_DB") String database,
      @Setting(env = "POSTGRES_USER") @Nullable String user,
      @Setting(env = "POSTGRES_PASSWORD") @Nullable Secret password,
      @Setting(env = "POOL_SIZE", max = 1_000) int poolSize,
      @Setting(max = 1_000_000) int waitingMax,
      @Setting(env = "DB_QUERY_TIMEOUT") Duration statementTimeout,
      @Setting(env = "DB_POOL_TIMEOUT") Duration connectTimeout,
      Duration historyFor,
      @Setting(max = 1_000_000) int historyMax,
      Duration answersFor) {
    static final Store DEFAULTS =
        new Store(
            null,
            null,
            null,
            null,
            5432,
            "rookery",
            null,
            null,
            16,
            10_000,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMinutes(10),
            1_000,
            Duration.ofHours(24));

    /** Whether PostgreSQL was chosen; a URL decides by its scheme, later. */
    public boolean postgresByParts() {
      return url == null && host != null && user != null && adapter != Adapter.SQLITE;
    }
  }

  public enum Adapter {
    SQLITE,
    POSTGRES
  }

  public record Auth(
      @Setting(env = "SECRET_KEY_BASE") @Nullable Secret secretKeyBase,
      @Setting(env = "GUARDIAN_SECRET_KEY") @Nullable Secret tokenSecret,
      @Setting(env = "JWT_SECRET") @Nullable Secret gameSecret,
      @Setting(env = "DEVICE_AUTH_ENABLED") boolean deviceSignIn,
      @Setting(max = 1_000) int sessionsMax,
      @Setting(min = 60_000) Duration sessionFor) {
    static final Auth DEFAULTS = new Auth(null, null, null, true, 20, Duration.ofDays(365));

    /** What tokens are signed with, if anything was given for it. */
    public @Nullable Secret signing() {
      return tokenSecret == null ? secretKeyBase : tokenSecret;
    }
  }

  public record Providers(
      @Setting(min = 100, max = 6_000) Duration within,
      Discord discord,
      Google google,
      Facebook facebook,
      Apple apple,
      Steam steam,
      OpenId openId) {
    static final Providers DEFAULTS =
        new Providers(
            Duration.ofSeconds(5),
            new Discord(null, null, null),
            new Google(null, null, null, null),
            new Facebook(null, null, null),
            new Apple(null, null, null, null, null, null),
            new Steam(null, null, null),
            new OpenId(null, null, null, "openid email profile"));

    public record Discord(
        @Setting(env = "DISCORD_API_BASE_URL") @Nullable String url,
        @Setting(env = "DISCORD_CLIENT_ID") @Nullable String clientId,
        @Setting(env = "DISCORD_CLIENT_SECRET") @Nullable Secret clientSecret) {}

    public record Google(
        @Setting(env = "GOOGLE_API_BASE_URL") @Nullable String url,
        @Setting(env = "GOOGLE_CLIENT_ID") @Nullable String clientId,
        @Setting(env = "GOOGLE_CLIENT_SECRET") @Nullable Secret clientSecret,
        @Setting(env = "GOOGLE_WEB_CLIENT_ID") @Nullable String webClientId) {}

    public record Facebook(
        @Setting(env = "FACEBOOK_API_BASE_URL") @Nullable String url,
        @Setting(env = "FACEBOOK_CLIENT_ID") @Nullable String clientId,
        @Setting(env = "FACEBOOK_CLIENT_SECRET") @Nullable Secret clientSecret) {}

    public record Apple(
        @Setting(env = "APPLE_API_BASE_URL") @Nullable String url,
        @Setting(env = "APPLE_WEB_CLIENT_ID") @Nullable String webClientId,
        @Setting(env = "APPLE_IOS_CLIENT_ID") @Nullable String phoneClientId,
        @Setting(env = "APPLE_TEAM_ID") @Nullable String team,
        @Setting(env = "APPLE_KEY_ID") @Nullable String keyId,
        @Setting(env = "APPLE_PRIVATE_KEY") @Nullable Secret privateKey) {}

    public record Steam(
        @Setting(env = "STEAM_API_BASE_URL") @Nullable String url,
        @Setting(env = "STEAM_API_KEY") @Nullable Secret key,
        @Setting(env = "STEAM_APP_ID") @Nullable String app) {}

    public record OpenId(
        @Setting(env = "OPENID_ISSUER") @Nullable String issuer,
        @Setting(env = "OPENID_CLIENT_ID") @Nullable String clientId,
        @Setting(env = "OPENID_CLIENT_SECRET") @Nullable Secret clientSecret,
        @Setting(env = "OPENID_SCOPE") String scope) {}
  }

  public record RateLimit(
      boolean enabled,
      General general,
      SignIn signIn,
      Socket socket,
      @Setting(max = 10_000_000) int addressesMax) {
    static final RateLimit DEFAULTS =
        new RateLimit(
            true,
            new General(120, Duration.ofMinutes(1)),
            new SignIn(10, Duration.ofMinutes(1)),
            new Socket(60, Duration.ofSeconds(10)),
            100_000);

    public record General(
        @Setting(env = "RATE_LIMIT_HTTP_GENERAL_LIMIT", max = Integer.MAX_VALUE) int limit,
        @Setting(env = "RATE_LIMIT_HTTP_GENERAL_WINDOW") Duration window) {}

    public record SignIn(
        @Setting(env = "RATE_LIMIT_HTTP_AUTH_LIMIT", max = Integer.MAX_VALUE) int limit,
        @Setting(env = "RATE_LIMIT_HTTP_AUTH_WINDOW") Duration window) {}

    public record Socket(
        @Setting(
                env = {"RATE_LIMIT_WEBSOCKET_LIMIT", "RATE_LIMIT_WS_LIMIT"},
                max = Integer.MAX_VALUE)
            int limit,
        @Setting(env = {"RATE_LIMIT_WEBSOCKET_WINDOW", "RATE_LIMIT_WS_WINDOW"}) Duration window) {}
  }

  public record Cache(
      @Setting(env = {"CACHE_REDIS_URL", "REDIS_URL"}) @Nullable Secret redisUrl,
      @Setting(env = "CACHE_REDIS_POOL_SIZE", max = 1_000) int redisPoolSize,
      @Setting(max = 10_000) Duration redisAnswerWithin) {
    static final Cache DEFAULTS = new Cache(null, 10, Duration.ofMillis(100));
  }

  public record Mail(
      @Setting(env = "SMTP_RELAY") @Nullable String relay,
      @Setting(env = "SMTP_PORT", max = 65_535) int port,
      @Setting(env = "SMTP_USERNAME") @Nullable String username,
      @Setting(env = "SMTP_PASSWORD") @Nullable Secret password,
      @Setting(env = "SMTP_SSL") boolean ssl,
      @Setting(env = "SMTP_SNI") @Nullable String sni,
      @Setting(env = "SMTP_TLS") StartTls tls,
      @Setting(env = "SMTP_FROM_NAME") String fromName,
      @Setting(env = "SMTP_FROM_EMAIL") @Nullable String fromEmail,
      @Nullable String pages,
      @Setting(env = "MAILBOX_PREVIEW_ENABLED") boolean preview) {
    static final Mail DEFAULTS =
        new Mail(
            null, 465, null, null, true, null, StartTls.NEVER, "GameServer", null, null, false);
  }

  public record Pages(
      @Setting(env = "PAGES_ENABLED") boolean enabled,
      @Setting(env = "THEME_CONFIG") @Nullable Path theme) {
    static final Pages DEFAULTS = new Pages(true, null);
  }

  public enum StartTls {
    NEVER,
    IF_AVAILABLE,
    ALWAYS
  }

  public record Cluster(
      @Setting(env = "CLUSTER_ENABLED") boolean enabled,
      @Setting(env = "CLUSTER_NAME") String name,
      @Setting(env = "CLUSTER_HOST") String host,
      @Setting(env = "CLUSTER_PORT", max = 65_535) int port,
      @Setting(env = "CLUSTER_BUS_PORT", min = 0, max = 65_535) int busPort,
      @Setting(env = "CLUSTER_MEMBERS") List<String> members,
      @Setting(env = {"CLUSTER_DNS", "DNS_CLUSTER_QUERY"}) List<String> dns,
      Kubernetes kubernetes,
      @Setting(min = 50, max = 60_000) Duration beat,
      @Setting(min = 200, max = 600_000) Duration silenceMax) {
    static final Cluster DEFAULTS =
        new Cluster(
            false,
            "rookery",
            "127.0.0.1",
            5701,
            0,
            List.of(),
            List.of(),
            new Kubernetes(null, null),
            Duration.ofMillis(500),
            Duration.ofSeconds(3));

    public record Kubernetes(
        @Setting(env = "CLUSTER_KUBERNETES_SERVICE") @Nullable String service,
        @Setting(env = "CLUSTER_KUBERNETES_NAMESPACE") @Nullable String namespace) {}

    /** This node's name among the others, the same after a restart. */
    public String nodeName() {
      return enabled ? host + ":" + port : "single";
    }
  }

  public record Presence(
      @Setting(env = "PRESENCE_GRACE", min = 0, max = 3_600_000) Duration grace) {
    static final Presence DEFAULTS = new Presence(Duration.ofSeconds(5));
  }

  public record FanOut(@Setting(max = 1_024) int shards) {
    static final FanOut DEFAULTS = new FanOut(64);
  }

  public record Sockets(
      @Setting(min = 1_024, max = 16 << 20) int frameBytesMax,
      @Setting(min = 1_000, max = 86_400_000) Duration idleTimeout,
      @Setting(min = 1_024, max = 1 << 30) int queueBytesMax,
      @Setting(max = 1_000_000) int queueFramesMax,
      @Setting(max = 1_000_000) int framesPerSecondMax) {
    static final Sockets DEFAULTS =
        new Sockets(128 << 10, Duration.ofSeconds(60), 1 << 20, 8_192, 300);
  }

  public record StaticFiles(@Setting(env = "STATIC_DIR") Path folder) {
    static final StaticFiles DEFAULTS = new StaticFiles(Path.of("static"));
  }

  public record Allocation(
      @Nullable ServerProvider provider, Duration within, GameFlow gameFlow, Agones agones) {
    static final Allocation DEFAULTS =
        new Allocation(
            null,
            Duration.ofSeconds(10),
            new GameFlow("https://dev.api.gameflow.gg/v1", null, null, "default", "us-east"),
            new Agones(null, "default", "rookery"));

    /** Who is asked for game servers: who was named, else GameFlow if its key was given. */
    public ServerProvider chosen() {
      return provider != null
          ? provider
          : gameFlow.key() == null ? ServerProvider.LOCAL : ServerProvider.GAMEFLOW;
    }

    public record GameFlow(
        @Setting(env = "GAMEFLOW_API_URL") String url,
        @Setting(env = "GAMEFLOW_GAME_ID") @Nullable String game,
        @Setting(env = "GAMEFLOW_API_KEY") @Nullable Secret key,
        @Setting(env = "GAMEFLOW_GAME_MODE") String mode,
        @Setting(env = "GAMEFLOW_REGION") String region) {}

    public record Agones(
        @Setting(env = "AGONES_ALLOCATOR_URL") @Nullable String url,
        @Setting(env = "AGONES_NAMESPACE") String namespace,
        @Setting(env = "AGONES_FLEET") String fleet) {}
  }

  public record Matchmaking(@Setting(min = 1_000, max = 86_400_000) Duration ticketFor) {
    static final Matchmaking DEFAULTS = new Matchmaking(Duration.ofMinutes(10));
  }

  public enum ServerProvider {
    LOCAL,
    GAMEFLOW,
    AGONES
  }

  public record Metrics(@Setting(env = "METRICS_TOKEN") @Nullable Secret token) {
    static final Metrics DEFAULTS = new Metrics(null);
  }

  public record Log(
      @Setting(env = "LOG_LEVEL") Level level,
      @Setting(env = "ACCESS_LOG_LEVEL") Level accessLevel,
      @Setting(env = "LOG_FORMAT") @Nullable Format format) {
    static final Log DEFAULTS = new Log(Level.INFO, Level.NONE, null);

    /** Lines for people, but for machines where machines collect them. */
    public Format formatIn(boolean production) {
      if (format != null) {
        return format;
      }
      return production ? Format.JSON : Format.CONSOLE;
    }
  }

  public enum Level {
    DEBUG,
    INFO,
    WARNING,
    WARN,
    ERROR,
    NONE
  }

  public enum Format {
    CONSOLE,
    JSON
  }

  public record Drain(
      @Setting(env = "DRAIN_DELAY", min = 0) @Nullable Duration delay,
      @Setting(env = "DRAIN_SPREAD", min = 0) @Nullable Duration spread,
      @Setting(env = "DRAIN_TIMEOUT") Duration timeout) {
    private static final Duration CLUSTERED = Duration.ofSeconds(5);

    static final Drain DEFAULTS = new Drain(null, null, Duration.ofSeconds(20));

    /** Over how long sockets are told to come back elsewhere. */
    public Duration spreadIn(Cluster cluster) {
      if (spread != null) {
        return spread;
      }
      return cluster.enabled() ? CLUSTERED : Duration.ZERO;
    }

    /** For how long a node that is leaving still takes requests, so that balancers see it leave. */
    public Duration delayIn(Cluster cluster) {
      if (delay != null) {
        return delay;
      }
      return cluster.enabled() ? CLUSTERED : Duration.ZERO;
    }
  }

  static String key(String parent, String component) {
    return parent.isEmpty() ? component : parent + "." + component;
  }

  /** The name that every key has in the environment by rule. */
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
