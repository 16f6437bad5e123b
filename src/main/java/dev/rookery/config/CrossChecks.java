package dev.rookery.config;

import dev.rookery.base.ServiceUrl;
import dev.rookery.config.DatabaseConfig.Adapter;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Checks that concern several keys. */
final class CrossChecks {
  private static final String DNS = "cluster.dns (CLUSTER_DNS)";
  private static final String SERVICE = "cluster.kubernetes.service (CLUSTER_KUBERNETES_SERVICE)";
  private static final int BEATS_MIN = 4;

  private final BiConsumer<String, String> report;

  CrossChecks(BiConsumer<String, String> mistake) {
    this.report = mistake;
  }

  void check(NodeConfig config) {
    secrets(config);
    store(config);
    cluster(config);
    var drain = config.drain();
    if (drain.spreadFor(config.cluster()).compareTo(drain.timeout()) > 0
        && drain.spread() != null) {
      report.accept("drain.spread (DRAIN_SPREAD)", "is more than drain.timeout");
    }
    Integer metricsPort = config.metrics().port();
    if (metricsPort != null && metricsPort != 0 && metricsPort == config.http().port()) {
      report.accept("metrics.port (METRICS_PORT)", "is the same as http.port");
    }
    allocation(config);
    cache(config);
    addresses(config);
    new ProviderChecks(report, config.production()).check(config);
    if (config.mail().relay() == null && config.mail().password() != null) {
      report.accept("mail.relay (SMTP_RELAY)", "is required with a password");
    }
    if (!config.extensions().arePathsValid()) {
      report.accept("extensions.paths", "is no list of paths with extensions, such as /dice=dice");
    }
    if (config.webRtc().portRange() == null) {
      report.accept("webRtc.ports (WEBRTC_PORTS)", "is no range of ports such as 50000-50999");
    }
    if (config.limits().passwordMin() > config.limits().passwordMax()) {
      report.accept("limits.passwordMin (MIN_PASSWORD_LENGTH)", "is more than passwordMax");
    }
  }

  private void secrets(NodeConfig config) {
    Secret signing = config.auth().signingSecret();
    String key = "auth.secretKeyBase (SECRET_KEY_BASE)";
    if (signing == null && config.production()) {
      report.accept(key, "is required in production");
    } else if (signing == null && config.cluster().enabled()) {
      report.accept(key, "is required in a cluster: all nodes must sign with the same secret");
    }
    secretLength(config, key, config.auth().secretKeyBase());
    secretLength(config, "auth.tokenSecret (GUARDIAN_SECRET_KEY)", config.auth().tokenSecret());
    if (config.production()
        && config.auth().previousSecretList().stream()
            .anyMatch(previous -> previous.length() < AuthConfig.SECRET_LENGTH_MIN)) {
      report.accept(
          "auth.previousSecrets (SECRET_KEY_BASE_PREVIOUS)",
          "holds a secret of fewer than " + AuthConfig.SECRET_LENGTH_MIN + " characters");
    }
    secretLength(config, "matches.tokenSecret (ROOM_TOKEN_SECRET)", config.matches().tokenSecret());
  }

  private void secretLength(NodeConfig config, String key, @Nullable Secret secret) {
    if (config.production()
        && secret != null
        && secret.value().length() < AuthConfig.SECRET_LENGTH_MIN) {
      report.accept(key, "has fewer than " + AuthConfig.SECRET_LENGTH_MIN + " characters");
    }
  }

  private void store(NodeConfig config) {
    var store = config.store();
    if (store.adapter() == Adapter.POSTGRES && store.url() == null) {
      if (store.host() == null) {
        report.accept("store.host (POSTGRES_HOST)", "is required for PostgreSQL");
      }
      if (store.user() == null) {
        report.accept("store.user (POSTGRES_USER)", "is required for PostgreSQL");
      }
    }
  }

  private void cache(NodeConfig config) {
    var cache = config.cache();
    if (cache.mode() == CacheConfig.Mode.MULTI && cache.l2() == CacheConfig.SharedIn.REDIS) {
      require(cache.redisUrl(), "cache.redisUrl (CACHE_REDIS_URL)");
    }
  }

  private void allocation(NodeConfig config) {
    var allocation = config.allocation();
    switch (allocation.effectiveProvider()) {
      case LOCAL, MATCH -> {}
      case GAMEFLOW -> {
        String at = "allocation.gameFlow.";
        require(allocation.gameFlow().key(), at + "key (GAMEFLOW_API_KEY)");
        require(allocation.gameFlow().game(), at + "game (GAMEFLOW_GAME_ID)");
      }
      case AGONES ->
          require(allocation.agones().url(), "allocation.agones.url (AGONES_ALLOCATOR_URL)");
    }
  }

  /**
   * The addresses of this node, other services that it connects to, and the pages that its emails
   * link to.
   */
  private void addresses(NodeConfig config) {
    var allocation = config.allocation();
    address("allocation.gameFlow.url (GAMEFLOW_API_URL)", allocation.gameFlow().url(), true);
    address("allocation.agones.url (AGONES_ALLOCATOR_URL)", allocation.agones().url(), true);
    address(
        "matches.controlPlane.url (ROOKERY_MATCHES_CONTROL_PLANE_URL)",
        config.matches().controlPlane().url(),
        true);
    address("mail.pages (ROOKERY_MAIL_PAGES)", config.mail().pages(), true);
    address("mail.relay (SMTP_RELAY)", config.mail().relay(), false);
    address("mail.sni (SMTP_SNI)", config.mail().sni(), false);
    address("http.host (ROOKERY_HTTP_HOST)", config.http().host(), false);
    address("metrics.host (METRICS_HOST)", config.metrics().host(), false);
    address("cluster.host (CLUSTER_HOST)", config.cluster().host(), false);
    publicHost("http.publicHost (PHX_HOST)", config.http().publicHost());
  }

  /** It stands in URLs, so it may have a port, and an IPv6 address has brackets. */
  private void publicHost(String key, String text) {
    if (text.contains("://") || text.contains("/")) {
      report.accept(key, "is a URL, but only the host belongs here");
    } else {
      address(key, "https://" + text, true);
    }
  }

  private void address(String key, @Nullable String text, boolean url) {
    if (text == null) {
      return;
    }
    try {
      if (url) {
        ServiceUrl.parseHttp(text);
      } else {
        ServiceUrl.parseHost(text);
      }
    } catch (IllegalArgumentException wrong) {
      report.accept(key, String.valueOf(wrong.getMessage()));
    }
  }

  private void require(@Nullable Object given, String key) {
    if (given == null) {
      report.accept(key, "is required for this game server provider");
    }
  }

  private void cluster(NodeConfig config) {
    var cluster = config.cluster();
    if (cluster.silenceMax().compareTo(cluster.beat().multipliedBy(BEATS_MIN)) < 0) {
      report.accept("cluster.silenceMax", "is less than " + BEATS_MIN + " times cluster.beat");
    }
    discovery(cluster);
    for (String member : cluster.members()) {
      int colon = member.lastIndexOf(':');
      boolean fine = colon > 0 && member.substring(colon + 1).matches("\\d{1,5}");
      if (!fine) {
        report.accept(
            "cluster.members (CLUSTER_MEMBERS)", ValueParser.shown(member) + " is not host:port");
      }
    }
  }

  /** Nodes discover each other in one way only. */
  private void discovery(ClusterConfig cluster) {
    var kubernetes = cluster.kubernetes();
    boolean byList = !cluster.members().isEmpty();
    boolean byName = !cluster.dns().isEmpty();
    if (byName && byList) {
      report.accept(DNS, "cannot be combined with cluster.members");
    }
    if (kubernetes.service() != null && (byName || byList)) {
      report.accept(SERVICE, "cannot be combined with cluster.members or cluster.dns");
    }
    if (kubernetes.namespace() != null && kubernetes.service() == null) {
      report.accept(
          "cluster.kubernetes.namespace (CLUSTER_KUBERNETES_NAMESPACE)",
          "has no effect without cluster.kubernetes.service");
    }
    if ((kubernetes.service() != null || byName) && cluster.enabled() && isLoopback(cluster)) {
      report.accept(
          "cluster.host (CLUSTER_HOST)",
          "must be an address under which other nodes reach this one, such as that of its pod");
    }
    for (String name : cluster.dns()) {
      if (!name.matches("[^:\\s]+(:\\d{1,5})?")) {
        report.accept(DNS, ValueParser.shown(name) + " is neither a name nor name:port");
      }
    }
  }

  /** A loopback address is valid for names of this machine. */
  private static boolean isLoopback(ClusterConfig cluster) {
    return cluster.host().startsWith("127.")
        && !cluster.dns().stream().allMatch(name -> name.startsWith("localhost"));
  }
}
