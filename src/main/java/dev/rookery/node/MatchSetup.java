package dev.rookery.node;

import dev.rookery.allocation.Allocator;
import dev.rookery.bus.Bus;
import dev.rookery.config.NodeConfig;
import dev.rookery.game.BuiltinGames;
import dev.rookery.game.script.ScriptEngine;
import dev.rookery.game.script.ScriptLimits;
import dev.rookery.match.ControlPlane;
import dev.rookery.match.GameVerticle;
import dev.rookery.match.Games;
import dev.rookery.match.MatchSettings;
import dev.rookery.match.MatchVerticle;
import dev.rookery.matchmaking.MatchmakingSetup;
import dev.rookery.matchmaking.MatchmakingVerticle;
import dev.rookery.protocol.openturn.ControlPlaneClient;
import dev.rookery.relay.Relay;
import dev.rookery.relay.RelayVerticle;
import dev.rookery.store.Database;
import io.vertx.core.Deployable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets up what games are played in: matchmaking, allocation, rooms with their games, relay. */
final class MatchSetup {
  private static final int STATEMENTS_MIN = 10_000;

  private final NodeServices services;
  private final NodeConfig config;
  private final Bus bus;
  private final Database database;
  private final ClusterServices cluster;
  private final Games games = new Games(BuiltinGames.all());
  private final ScriptEngine scripts;
  private final @Nullable ControlPlane controlPlane;
  private final Allocator allocator;
  private final Relay relay;

  MatchSetup(
      NodeServices services, Database database, ClusterServices cluster, CloseStack closing) {
    this.services = services;
    this.config = services.config();
    this.bus = services.bus();
    this.database = database;
    this.cluster = cluster;
    services.extensions().onGames(games::setExtensions);
    this.scripts = new ScriptEngine(scriptLimits(), services.meters());
    closing.add("scripts of games", scripts);
    this.controlPlane = createControlPlane();
    this.allocator = AllocatorFactory.createAllocator(services, database, games, controlPlane);
    this.relay = new Relay(services.vertx(), bus, services.meters(), config.cluster().nodeName());
  }

  /** Creates the verticles, in the order of their deployment. */
  List<Deployable> verticles() {
    return List.of(
        new MatchmakingVerticle(bus, database, matchmaking(), services.meters()),
        matches(),
        new GameVerticle(
            bus, cluster.calls(), database, scripts, games, config.matches().gamesFolder()),
        new RelayVerticle(
            bus, database, relay, config.cluster().nodeName(), cluster.membership()::run));
  }

  /** The games that rooms can be made of. */
  Games games() {
    return games;
  }

  /** Finds game servers or rooms for lobbies and for players who were matched. */
  Allocator allocator() {
    return allocator;
  }

  /** The relay's rooms on this node. */
  Relay relay() {
    return relay;
  }

  /**
   * @throws IllegalArgumentException if a call may not even execute what starts a match
   */
  static void checkStatements(NodeConfig config) {
    int statements = config.matches().scripts().callStatements();
    if (statements > 0 && statements < STATEMENTS_MIN) {
      throw new IllegalArgumentException("must be 0, or at least " + STATEMENTS_MIN);
    }
  }

  private ScriptLimits scriptLimits() {
    var limits = config.matches().scripts();
    return ScriptLimits.DEFAULTS
        .with(
            limits.callFor(),
            limits.callCpuFor(),
            limits.callStatements(),
            limits.callBytes(),
            limits.viewsMax())
        .withThreads(limits.threads(), limits.matchBytes());
  }

  /** Null if this server keeps the profiles of games. */
  private @Nullable ControlPlane createControlPlane() {
    var settings = config.matches().controlPlane();
    String url = settings.url();
    return url == null
        ? null
        : new ControlPlaneClient(
            services.vertx(),
            url,
            SecretFiles.roomTokenSecret(config, services.ids()).value(),
            settings.within());
  }

  private MatchVerticle matches() {
    var matches = config.matches();
    return new MatchVerticle(
        bus,
        database,
        cluster.leases(),
        cluster.membership(),
        cluster.scheduler(),
        services.clock(),
        services.ids(),
        services.meters(),
        games,
        new MatchSettings(
            matches.idleFor(),
            matches.awakeFor(),
            matches.hostedMax(),
            matches.actionsPerSecond(),
            matches.hideInternalPayloads()),
        controlPlane,
        config.cluster().nodeName());
  }

  private MatchmakingSetup matchmaking() {
    return new MatchmakingSetup(
        cluster.membership()::run,
        cluster.scheduler(),
        services.clock(),
        services.ids(),
        allocator,
        config.matchmaking().ticketFor());
  }
}
