package dev.rookery.node;

import dev.rookery.auth.GuestCommand;
import dev.rookery.auth.GuestVerticle;
import dev.rookery.config.GodraConfig;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.protocol.godra.GodraEndpoint;
import dev.rookery.protocol.godra.GodraRoutes;
import dev.rookery.protocol.godra.GodraSettings;
import dev.rookery.script.Durability;
import dev.rookery.script.EmbeddedScriptEngine;
import dev.rookery.script.EmbeddedSettings;
import dev.rookery.script.RedisScriptEngine;
import dev.rookery.script.ScriptEngine;
import dev.rookery.script.ScriptVerticle;
import dev.rookery.script.Scripts;
import dev.rookery.store.Database;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets up the Lua scripts of a node: their engine, their storage, and the wire that calls them. */
final class ScriptSetup {
  /** How long nothing need be heard of a guest who is not connected to a game. */
  private static final Duration GUEST_UNUSED = Duration.ofMinutes(10);

  private static final Duration GUEST_GRACE = Duration.ofSeconds(10);

  private final NodeServices services;
  private final NodeConfig config;
  private final GodraConfig settings;
  private final Database database;
  private final ClusterServices cluster;
  private final CloseStack closing;
  private @Nullable Scripts scripts;

  ScriptSetup(
      NodeServices services, Database database, ClusterServices cluster, CloseStack closing) {
    this.services = services;
    this.config = services.config();
    this.settings = config.godra();
    this.database = database;
    this.cluster = cluster;
    this.closing = closing;
  }

  /** Starts the engine, and serves what is stored. */
  void deploy(Deployments deployments) {
    ScriptEngine engine = createEngine();
    var created = new Scripts(engine, services.meters(), settings.guestsCallPlayerScripts());
    scripts = created;
    deployments.deployDomain(
        new ScriptVerticle(
            services.bus(),
            cluster.calls(),
            database,
            created,
            settings.scripts(),
            services.clock(),
            services.meters(),
            services.dependencies().random(),
            config.cluster().nodeName()));
    long silenceMs = settings.guestSilence().toMillis();
    deployments.deployDomain(
        new GuestVerticle(
            services.bus(),
            database,
            services.tokens(),
            services.ids(),
            services.clock(),
            new GuestCommand.Settings(
                settings.guestsMax(),
                // The nodes tell in half of that time who is connected.
                2 * silenceMs + GUEST_GRACE.toMillis(),
                GUEST_UNUSED.toMillis()),
            config.cluster().nodeName(),
            services.meters()));
  }

  private ScriptEngine createEngine() {
    Secret url = settings.redisUrl();
    return url == null ? createEmbedded() : createForRedis(url);
  }

  /**
   * What it owns is given up with the leases of this node; what is left of it is closed before the
   * database.
   */
  private ScriptEngine createEmbedded() {
    var engine =
        new EmbeddedScriptEngine(
            services.vertx(),
            new EmbeddedScriptEngine.Dependencies(
                services.bus(),
                database,
                cluster.leases(),
                cluster.membership(),
                services.clock(),
                services.dependencies().random(),
                services.meters(),
                config.cluster().nodeName(),
                services.vertx().isClustered()),
            new EmbeddedSettings(
                durability(),
                settings.memoryBytes(),
                settings.script().timeout(),
                settings.script().memoryBytes(),
                settings.resultBytesMax()));
    closing.add("the keyspace of scripts", engine);
    Deployments.await(engine.start());
    return engine;
  }

  private Durability durability() {
    return switch (settings.durability()) {
      case COMMIT -> Durability.COMMIT;
      case EVERYSEC -> Durability.EVERYSEC;
      case NONE -> Durability.NONE;
    };
  }

  private ScriptEngine createForRedis(Secret url) {
    var engine =
        new RedisScriptEngine(
            services.vertx(),
            url.value(),
            settings.redisClusterNodes(),
            settings.callTimeout(),
            services.meters());
    closing.add("the Redis of scripts", engine);
    Deployments.await(engine.start());
    return engine;
  }

  /** The routes that call scripts. */
  List<Protocol> routes() {
    Scripts present = scripts;
    return present == null
        ? List.of()
        : List.of(
            new GodraRoutes(
                services.bus(),
                services.sessions(),
                services.tokens(),
                services.clock(),
                present,
                bounds()));
  }

  /** The sockets of games. */
  List<Protocol> sockets(WebSocketUpgrader upgrader, EdgeFactory edge) {
    Scripts present = scripts;
    if (present == null) {
      return List.of();
    }
    var endpoint =
        new GodraEndpoint(
            upgrader,
            edge.origins(),
            services.vertx(),
            services.bus(),
            services.sessions(),
            services.tokens(),
            services.clock(),
            present,
            bounds(),
            services.meters());
    closing.add("guests", endpoint);
    return List.of(endpoint);
  }

  private GodraSettings bounds() {
    return new GodraSettings(
        settings.keysMax(),
        settings.argsMax(),
        settings.bodyBytesMax(),
        settings.resultBytesMax(),
        settings.batch(),
        settings.queueMax(),
        settings.guestSilence());
  }
}
