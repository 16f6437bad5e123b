package dev.rookery.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.config.ConfigReader.Check;
import dev.rookery.node.ConfigChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderTest {
  @TempDir private Path folder;

  @Test
  void usesDefaultsWithoutSettings() throws ConfigException {
    assertThat(environment(Map.of())).isEqualTo(NodeConfig.DEFAULTS);
  }

  @Test
  void fileOverridesDefaultsAndEnvironmentOverridesFile() throws Exception {
    var config =
        file(
            """
            http:
              port: 5000
              idleTimeout: 90s
              allowedOrigins: [https://a.example, https://b.example]
            rateLimit:
              enabled: false
            """,
            Map.of("PORT", "6000", "PHX_ALLOWED_ORIGINS", "https://c.example , x.example"));
    assertThat(config.http().port()).isEqualTo(6000);
    assertThat(config.http().idleTimeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(config.http().allowedOrigins()).containsExactly("https://c.example", "x.example");
    assertThat(config.rateLimit().enabled()).isFalse();
    assertThat(config.rateLimit().general()).isEqualTo(NodeConfig.DEFAULTS.rateLimit().general());
  }

  @Test
  void acceptsFileWithOnlyComments() throws Exception {
    assertThat(file("# nothing\n", Map.of())).isEqualTo(NodeConfig.DEFAULTS);
    assertThat(file("http:\nlimits:\n", Map.of())).isEqualTo(NodeConfig.DEFAULTS);
  }

  @Test
  void reportsAllProblemsAtOnceWithTheirKeys() throws IOException {
    var mistakes =
        problems(
            """
            http:
              port: many
              prot: 4000
              idleTimeout: soon
              publicHost: {a: b}
            drain: 5
            colour: red
            """,
            Map.of(
                "DEVICE_AUTH_ENABLED", "perhaps",
                "POOL_SIZE", "0",
                "LOG_LEVEL", "loud",
                "LIMIT_MAX_PAGE_SIZE", "-1",
                "ROOKERY_HTTP_BODY_BYTES_MAX", "1MB",
                "ROOKERY_HTP_PORT", "1",
                "CLUSTER_MEMBERS", "127.0.0.1"));
    assertThat(mistakes)
        .containsExactlyInAnyOrder(
            "http.port: \"many\" is not a whole number",
            "http.prot: unknown key",
            "http.idleTimeout: \"soon\" is not a duration such as 500ms, 20s, 15m, 24h or 30d",
            "http.publicHost: takes a single value",
            "drain: is a section with keys, not a value",
            "colour: unknown key",
            "auth.deviceSignIn (DEVICE_AUTH_ENABLED): \"perhaps\" is neither true nor false",
            "store.poolSize (POOL_SIZE): \"0\" is less than 1",
            "log.level (LOG_LEVEL): \"loud\" is not one of debug, info, warning, warn, error, none",
            "limits.pageSizeMax (LIMIT_MAX_PAGE_SIZE): \"-1\" is less than 1",
            "http.bodyBytesMax (ROOKERY_HTTP_BODY_BYTES_MAX): \"1MB\" is not a size such as 16384,"
                + " 16KiB or 1MiB",
            "ROOKERY_HTP_PORT: unknown key",
            "cluster.members (CLUSTER_MEMBERS): \"127.0.0.1\" is not host:port");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: [", "a: 1\na: 2", "- list", "just words", "a: \t1\n\tb: 2"})
  void rejectsFileThatIsNotAMap(String text) throws IOException {
    assertThat(problems(text, Map.of())).isNotEmpty();
  }

  @Test
  void rejectsIncompleteProviderSettings() throws IOException {
    assertThat(
            problems(
                "",
                Map.of(
                    "DISCORD_CLIENT_ID", "1",
                    "GOOGLE_API_BASE_URL", "accounts.google.com",
                    "APPLE_IOS_CLIENT_ID", "app",
                    "APPLE_PRIVATE_KEY", "no key",
                    "OPENID_ISSUER", "https://issuer.example/?a=b")))
        .containsExactlyInAnyOrder(
            "providers.discord.clientSecret (DISCORD_CLIENT_SECRET): is required for this provider",
            "providers.google.url (GOOGLE_API_BASE_URL): is not an http:// or https:// URL",
            "providers.apple.team (APPLE_TEAM_ID): is required for this provider",
            "providers.apple.keyId (APPLE_KEY_ID): is required for this provider",
            "providers.openId.issuer (OPENID_ISSUER): has parameters, which are not supported",
            "providers.openId.clientId (OPENID_CLIENT_ID): is required for this provider",
            "providers.openId.clientSecret (OPENID_CLIENT_SECRET): is required for this provider");
    assertThat(
            problems(
                "",
                Map.of(
                    "ROOKERY_ENV", "production",
                    "SECRET_KEY_BASE", "s".repeat(64),
                    "DISCORD_API_BASE_URL", "http://discord.example",
                    "STEAM_API_BASE_URL", "http://127.0.0.1:8080",
                    "GOOGLE_API_BASE_URL", "https://google.example")))
        .containsExactly(
            "providers.discord.url (DISCORD_API_BASE_URL): must begin with https:// in production");
  }

  @Test
  void rejectsTwoWaysOfDiscovery() throws IOException {
    var all =
        Map.of(
            "CLUSTER_MEMBERS", "10.0.0.1:5701",
            "CLUSTER_DNS", "nodes,a b",
            "CLUSTER_KUBERNETES_SERVICE", "nodes");
    assertThat(problems("", all))
        .containsExactlyInAnyOrder(
            "cluster.dns (CLUSTER_DNS): cannot be combined with cluster.members",
            "cluster.kubernetes.service (CLUSTER_KUBERNETES_SERVICE): cannot be combined with"
                + " cluster.members or cluster.dns",
            "cluster.dns (CLUSTER_DNS): \"a b\" is neither a name nor name:port");
    assertThat(problems("", Map.of("CLUSTER_KUBERNETES_NAMESPACE", "games")))
        .containsExactly(
            "cluster.kubernetes.namespace (CLUSTER_KUBERNETES_NAMESPACE): has no effect without"
                + " cluster.kubernetes.service");
    assertThat(problems("cluster: {enabled: true, dns: [nodes]}", Map.of()))
        .anyMatch(problem -> problem.startsWith("cluster.host (CLUSTER_HOST): must be an address"));
    assertThat(problems("cluster: {beat: 1s, silenceMax: 3s}", Map.of()))
        .containsExactly("cluster.silenceMax: is less than 4 times cluster.beat");
    assertThat(problems("drain: {spread: 30s}", Map.of()))
        .containsExactly("drain.spread (DRAIN_SPREAD): is more than drain.timeout");
  }

  @Test
  void rejectsMissingFile() {
    assertThatThrownBy(() -> ConfigReader.read(folder.resolve("absent.yaml"), Map.of(), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("file not found");
  }

  @ParameterizedTest
  @CsvSource({
    "250, 250",
    "500ms, 500",
    "20s, 20000",
    "15m, 900000",
    "2h, 7200000",
    "30d, 2592000000"
  })
  void parsesDurations(String text, long ms) throws ConfigException {
    assertThat(environment(Map.of("ROOKERY_STORE_HISTORY_FOR", text)).store().historyFor())
        .isEqualTo(Duration.ofMillis(ms));
  }

  @ParameterizedTest
  @CsvSource({"2048, 2048", "16KiB, 16384", "2MiB, 2097152"})
  void parsesSizes(String text, int bytes) throws ConfigException {
    assertThat(environment(Map.of("LIMIT_MAX_METADATA_SIZE", text)).limits().metadataBytesMax())
        .isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "0.25, 0.25", "1.0E-4, 0.0001"})
  void parsesPartsOfAWhole(String text, double part) throws ConfigException {
    assertThat(environment(Map.of("ROOKERY_TRACES_SAMPLE", text)).traces().sample())
        .isEqualTo(part);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.01", "-0.1", "NaN", "1 %", "0x1p-3"})
  void rejectsWhatIsNoPartOfAWhole(String text) {
    assertThatThrownBy(() -> environment(Map.of("ROOKERY_TRACES_SAMPLE", text)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("is not a number from 0 to 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"9999999999", "99999999999999999999", "1e3", "4000.0", "999999999999999d"})
  void rejectsNumbersOutOfRange(String text) {
    assertThatThrownBy(() -> environment(Map.of("PORT", text))).isInstanceOf(ConfigException.class);
    assertThatThrownBy(() -> environment(Map.of("DRAIN_TIMEOUT", text + "h")))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void acceptsVariableNamesOfOtherServers() throws ConfigException {
    var config =
        environment(
            Map.of(
                "RATE_LIMIT_WS_LIMIT", "7",
                "RATE_LIMIT_WEBSOCKET_WINDOW", "20000",
                "RATE_LIMIT_HTTP_AUTH_WINDOW", "1000",
                "MIN_PASSWORD_LENGTH", "10",
                "DATABASE_ADAPTER", "postgres",
                "POSTGRES_HOST", "db",
                "POSTGRES_USER", "me"));
    assertThat(config.rateLimit().socket().limit()).isEqualTo(7);
    assertThat(config.rateLimit().socket().window()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.rateLimit().signIn().window()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.limits().passwordMin()).isEqualTo(10);
    assertThat(config.store().isPostgresByParts()).isTrue();
  }

  @Test
  void ignoresServiceLinksOfContainerPlatforms() throws ConfigException {
    var links = new HashMap<String, String>();
    // Services called rookery, rookery-http, rookery-store, postgres, redis and smtp.
    for (String service :
        List.of("ROOKERY", "ROOKERY_HTTP", "ROOKERY_STORE", "POSTGRES", "REDIS", "SMTP")) {
      links.put(service + "_SERVICE_HOST", "10.0.0.1");
      links.put(service + "_SERVICE_PORT", "5432");
      links.put(service + "_SERVICE_PORT_MAIN", "5432");
      links.put(service + "_PORT", "tcp://10.0.0.1:5432");
      links.put(service + "_PORT_5432_TCP", "tcp://10.0.0.1:5432");
      links.put(service + "_PORT_5432_TCP_PROTO", "tcp");
      links.put(service + "_PORT_5432_TCP_PORT", "5432");
      links.put(service + "_PORT_5432_TCP_ADDR", "10.0.0.1");
      links.put(service + "_PORT_53_UDP", "udp://[fd00::1]:53");
    }
    links.put("CLUSTER_PORT", "tcp://[fd00::1]:5701");
    links.put("PORT", "udp://10.0.0.1:4000");
    // A Docker link repeats the variables of the other container.
    links.put("ROOKERY_DB_NAME", "/rookery/db");
    links.put("ROOKERY_DB_ENV_LANG", "C");
    assertThat(environment(links)).isEqualTo(NodeConfig.DEFAULTS);
  }

  @Test
  void prefersSettingOfOperatorToServiceLink() throws Exception {
    var config =
        file(
            "store: {port: 6000}",
            Map.of("POSTGRES_PORT", "tcp://10.0.0.1:5432", "ROOKERY_STORE_PORT", "7000"));
    assertThat(config.store().port()).isEqualTo(7000);
    assertThat(
            file("store: {port: 6000}", Map.of("POSTGRES_PORT", "tcp://10.0.0.1:5432"))
                .store()
                .port())
        .isEqualTo(6000);
  }

  @ParameterizedTest
  @CsvSource({
    "ROOKERY_HTP_PORT, 4000",
    "ROOKERY_HTP_NAME, x",
    "ROOKERY_HTP_ENV_LANG, C",
    "ROOKERY_HTP_SERVICE_PORT, tcp",
    "ROOKERY_HTP_HOST, tcp://10.0.0.1:4000"
  })
  void reportsNameThatNoServiceLinkHas(String name, String value) {
    assertThatThrownBy(() -> environment(Map.of(name, value))).hasMessage(name + ": unknown key");
  }

  @Test
  void keepsSecretOfTheShapeOfServiceLink() throws ConfigException {
    assertThat(environment(Map.of("POSTGRES_PASSWORD", "tcp://10.0.0.1:5432")).store().password())
        .isEqualTo(new Secret("tcp://10.0.0.1:5432"));
  }

  @ParameterizedTest
  @CsvSource({
    "GAMEFLOW_API_URL, https://u:hidden@h/v1, user name or password",
    "GAMEFLOW_API_URL, ftp://h, http:// or https://",
    "AGONES_ALLOCATOR_URL, https://h:port, port",
    "AGONES_ALLOCATOR_URL, https://, no host",
    "GOOGLE_API_BASE_URL, https://h:0/, port",
    "DISCORD_API_BASE_URL, https://h?hidden=1, parameters",
    "OPENID_ISSUER, https://h#hidden, a #",
    "OPENID_ISSUER, https://::1/, brackets",
    "ROOKERY_MAIL_PAGES, game.example, http:// or https://",
    "SMTP_RELAY, smtp://u:hidden@h, a URL",
    "SMTP_RELAY, smtp.example:587, a port",
    "SMTP_RELAY, u:hidden@h, host",
    "PHX_HOST, https://u:hidden@h, a URL",
    "PHX_HOST, tcp://10.0.0.1:80, a URL",
    "PHX_HOST, u:hidden@h, user name",
    "PHX_HOST, h:port, port",
    "PHX_HOST, h x, host",
    "ROOKERY_HTTP_HOST, http://0.0.0.0, a URL",
    "METRICS_HOST, u:hidden@h, host",
    "CLUSTER_HOST, tcp://10.0.0.1:5701, a URL",
    "SMTP_SNI, a b, host",
    "REDIS_URL, redis://:hidden^ @h:port, port",
    "REDIS_URL, redis://:hidden@h/zero, database",
    "SENTRY_DSN, https://hidden@h:port/1, port",
    "SENTRY_DSN, https://hidden@my_host/1, underscore",
    "SENTRY_DSN, https://hid^den@h/1, character",
    "DATABASE_URL, postgres://u:hid^den @h:port/d, port",
    "POSTGRES_HOST, postgres://u:hidden@h/d, a URL",
    "POSTGRES_HOST, db:5432, a port",
    "POSTGRES_SSLMODE, required, not one of",
    "SQLITE_DATABASE_PATH, :memory:, in memory"
  })
  void namesWrongPartOfAddressWithoutShowingSecret(String name, String value, String part) {
    var settings = new HashMap<>(Map.of(name, value, "POSTGRES_USER", "u"));
    settings.putAll(Map.of("SMTP_RELAY", "smtp.example", "OPENID_CLIENT_ID", "i"));
    settings.putAll(Map.of("OPENID_CLIENT_SECRET", "s", name, value));
    assertThatThrownBy(() -> ConfigReader.read(null, settings, ConfigChecks.ALL))
        .isInstanceOf(ConfigException.class)
        .hasNoCause()
        .hasMessageContaining(name)
        .hasMessageContaining(part)
        .hasMessageNotContaining("hid");
  }

  @Test
  void refusesSoFewStatementsThatNoGameStarts() throws ConfigException {
    var few = Map.of("ROOKERY_MATCHES_SCRIPTS_CALL_STATEMENTS", "9999");
    assertThatThrownBy(() -> ConfigReader.read(null, few, ConfigChecks.ALL))
        .hasMessageContaining("at least 10000");
    var uncounted = Map.of("ROOKERY_MATCHES_SCRIPTS_CALL_STATEMENTS", "0");
    assertThat(ConfigReader.read(null, uncounted, ConfigChecks.ALL)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "GAMEFLOW_API_URL, http://game_flow:8080/v1",
    "AGONES_ALLOCATOR_URL, http://[::1]:8443",
    "GOOGLE_API_BASE_URL, http://identity_provider",
    "SMTP_RELAY, mail_relay",
    "PHX_HOST, game.example:8443",
    "PHX_HOST, [::1]",
    "ROOKERY_HTTP_HOST, ::",
    "CLUSTER_HOST, node_1",
    "SMTP_RELAY, ::1",
    "SMTP_RELAY, [::1]",
    "REDIS_URL, redis://game_redis",
    "REDIS_URL, unix:///run/redis.sock",
    "POSTGRES_HOST, game_db",
    "POSTGRES_HOST, ::1",
    "POSTGRES_HOST, /var/run/postgresql"
  })
  void acceptsHostsOfContainerNetworksAndIpv6(String name, String value) throws ConfigException {
    var settings = Map.of(name, value, "POSTGRES_USER", "u");
    assertThat(ConfigReader.read(null, settings, ConfigChecks.ALL)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "POSTGRES_PORT, postgres://u:hidden@h/d",
    "SMTP_PORT, smtp://u:hidden@h",
    "SMTP_PORT, hidden",
    "SMTP_SSL, hidden",
    "SMTP_TLS, hidden",
    "POSTGRES_PORT, hidden",
    "POSTGRES_SSLMODE, hidden",
    "DATABASE_ADAPTER, hidden",
    "METRICS_PORT, hidden",
    "ROOKERY_MAIL_PORT, hidden",
    "TRUSTED_PROXIES, https://u:hidden@h/",
    "TRUSTED_PROXIES, //hidden/8",
    "ROOKERY_HTTP_ADDRESS_HEADERS, u:hidden@h",
    "POOL_SIZE, u:hidden@h",
    "CLUSTER_MEMBERS, tcp://u:hidden@h",
    "CLUSTER_DNS, https://u:hidden@h/",
    "ROOKERY_ENV, https://u:hidden@h/"
  })
  void doesNotRepeatWhatMayBeASecretInTheWrongPlace(String name, String value) {
    assertThatThrownBy(() -> ConfigReader.read(null, Map.of(name, value), ConfigChecks.ALL))
        .hasMessageContaining(name)
        .hasMessageNotContaining("hidden");
  }

  @Test
  void reportsWhatAServerNeedsAndNoFileBesideIt() {
    for (String cluster : List.of("false", "true")) {
      var settings =
          Map.of(
              "DATABASE_ADAPTER",
              "postgres",
              "CLUSTER_ENABLED",
              cluster,
              "SECRET_KEY_BASE",
              "s".repeat(64));
      assertThatThrownBy(() -> ConfigReader.read(null, settings, ConfigChecks.ALL))
          .hasMessageContaining("POSTGRES_HOST")
          .hasMessageContaining("POSTGRES_USER")
          .hasMessageNotContaining("DATABASE_URL")
          .hasMessageNotContaining("SQLite");
    }
  }

  @Test
  void requiresSecretInProductionAndInClusters() throws ConfigException {
    assertThatThrownBy(() -> environment(Map.of("ROOKERY_ENV", "production")))
        .hasMessageContaining("SECRET_KEY_BASE")
        .hasMessageContaining("required in production");
    assertThatThrownBy(
            () -> environment(Map.of("ROOKERY_ENV", "production", "SECRET_KEY_BASE", "short")))
        .hasMessageContaining("fewer than 32 characters")
        .hasMessageNotContaining("short");
    for (String key : List.of("SECRET_KEY_BASE", "GUARDIAN_SECRET_KEY", "ROOM_TOKEN_SECRET")) {
      var settings = new HashMap<String, String>();
      settings.put("ROOKERY_ENV", "production");
      settings.put("SECRET_KEY_BASE", "s".repeat(32));
      settings.put("GUARDIAN_SECRET_KEY", "t".repeat(32));
      settings.put(key, "short");
      assertThatThrownBy(() -> environment(settings))
          .hasMessageContaining("(" + key + "): has fewer than 32 characters");
      settings.put("ROOKERY_ENV", "development");
      assertThat(environment(settings).production()).isFalse();
    }
    assertThatThrownBy(() -> environment(Map.of("CLUSTER_ENABLED", "true")))
        .hasMessageContaining("required in a cluster");
    assertThatThrownBy(() -> environment(Map.of("ROOKERY_ENV", "prod")))
        .hasMessageContaining("is not one of production, development, test");

    var config =
        environment(Map.of("ROOKERY_PRODUCTION", "true", "SECRET_KEY_BASE", "s".repeat(64)));
    assertThat(config.production()).isTrue();
    assertThat(config.log().formatFor(true)).isEqualTo(LogConfig.Format.JSON);
  }

  @Test
  void neverPrintsSecrets() throws ConfigException {
    var config =
        environment(
            Map.of(
                "SECRET_KEY_BASE", "hidden-1",
                "GUARDIAN_SECRET_KEY", "hidden-2",
                "POSTGRES_PASSWORD", "hidden-3",
                "DATABASE_URL", "postgres://a:hidden-4@b/c",
                "METRICS_TOKEN", "hidden-5"));
    assertThat(config.toString()).doesNotContain("hidden");
    assertThat(config.auth().signingSecret()).isEqualTo(new Secret("hidden-2"));
  }

  @Test
  void runsChecksOfComponents() {
    var rule =
        new Check(
            "http.trustedProxies",
            _ -> {
              throw new IllegalArgumentException("is not what the edge wants");
            });
    assertThatThrownBy(() -> ConfigReader.read(null, Map.of("PORT", "x"), List.of(rule)))
        .hasMessageContaining("http.port (PORT)")
        .hasMessageContaining("http.trustedProxies: is not what the edge wants");
  }

  @Test
  void usesHttpsForPublicNames() throws ConfigException {
    assertThat(environment(Map.of()).http().publicUrl(4000)).isEqualTo("http://localhost:4000");
    assertThat(environment(Map.of("PHX_HOST", "game.example")).http().publicUrl(4000))
        .isEqualTo("https://game.example");
    assertThat(
            environment(Map.of("PHX_HOST", "game.example", "PHX_SCHEME", "http"))
                .http()
                .publicUrl(4000))
        .isEqualTo("http://game.example:4000");
  }

  private static NodeConfig environment(Map<String, String> environment) throws ConfigException {
    return ConfigReader.read(null, environment, List.of());
  }

  private NodeConfig file(String text, Map<String, String> environment)
      throws ConfigException, IOException {
    return ConfigReader.read(
        Files.writeString(folder.resolve("node.yaml"), text), environment, List.of());
  }

  private List<String> problems(String text, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("node.yaml"), text);
    return catchThrowableOfType(
            ConfigException.class, () -> ConfigReader.read(file, environment, List.of()))
        .problems();
  }
}
