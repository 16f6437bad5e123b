package dev.rookery.node;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.config.ConfigItem;
import dev.rookery.config.NodeConfig;
import dev.rookery.console.ConfigEntry;
import dev.rookery.console.JobVerticle;
import dev.rookery.console.LimitedClients;
import dev.rookery.console.LogRing;
import dev.rookery.console.MetricHistory;
import dev.rookery.console.OperationsVerticle;
import dev.rookery.console.PlayerSockets;
import dev.rookery.console.RefusedRequests;
import dev.rookery.console.RetentionVerticle;
import dev.rookery.console.SocketVerticle;
import dev.rookery.console.StreamVerticle;
import dev.rookery.console.ThemeVerticle;
import dev.rookery.console.TicketVerticle;
import dev.rookery.edge.ClientProblems;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.RateLimits;
import dev.rookery.edge.SocketRegistry;
import dev.rookery.loadrun.LoadVerticle;
import dev.rookery.store.Database;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Sets up what the console shows of the nodes: meters, log, configuration, process. */
final class OperationsSetup {
  private final NodeServices services;
  private final List<ConfigItem> settings;
  private final LogRing log;
  private final Health health;
  private final Runnable drain;
  private final @Nullable RateLimits rateLimits;
  private final LimitedClients limited;
  private final ClientProblems problems;
  private final SocketRegistry sockets;

  /**
   * @param settings the configuration of this node
   * @param log the latest lines of the log, without secrets
   * @param drain begins to drain this node and returns at once
   * @param limits the limits of requests of this node
   * @param problems the requests that this node has refused lately
   */
  OperationsSetup(
      NodeServices services,
      List<ConfigItem> settings,
      LogRing log,
      Health health,
      Runnable drain,
      @Nullable RateLimits limits,
      ClientProblems problems,
      SocketRegistry sockets) {
    this.services = services;
    this.settings = settings;
    this.log = log;
    this.health = health;
    this.drain = drain;
    this.rateLimits = limits;
    this.limited = new NodeLimits(limits);
    this.problems = problems;
    this.sockets = sockets;
  }

  /** Deploys the verticles of operations; from then on nodes answer each other's questions. */
  void deploy(
      Deployments deployments,
      Database database,
      ClusterServices cluster,
      StreamVerticle.Sources streams,
      CloseStack closing) {
    NodeConfig config = services.config();
    Ids ids = services.ids();
    String node = config.cluster().nodeName();
    var membership = cluster.membership();
    var levels = new TemporaryLogLevels(services.vertx(), services.clock());
    closing.add("levels of the log", levels);
    var sources =
        new OperationsVerticle.Sources(
            node,
            new MetricHistory(database, services.meters(), node, membership::run),
            log,
            configuration(),
            () -> health.phase().name().toLowerCase(Locale.ROOT),
            config.dataDir(),
            drain,
            limited,
            this::latestProblems,
            levels,
            services.themes()::warnings);
    NodeCalls calls = cluster.calls();
    deployments.deployDomain(
        new OperationsVerticle(services.bus(), membership, services.clock(), calls, sources));
    deployments.deployDomain(new StreamVerticle(services.bus(), services.clock(), calls, streams));
    deployments.deployDomain(new JobVerticle(services.bus(), cluster.scheduler(), calls));
    deployments.deployDomain(new SocketVerticle(services.bus(), calls, new NodeSockets(sockets)));
    var themes = services.themes();
    deployments.deployDomain(
        new ThemeVerticle(services.bus(), calls, themes::state, themes::reload));
    deployments.deployDomain(new TicketVerticle(services.bus(), database, services.clock(), ids));
  }

  /**
   * Deploys the verticles whose changes are recorded.
   *
   * @param database records what admins change
   * @param lane reads without holding up the game
   * @param port where this node listens
   */
  void deployRecorded(
      Deployments deployments,
      Database database,
      Database lane,
      ClusterServices cluster,
      NodeCalls calls,
      IntSupplier port) {
    deployments.deployDomain(
        new RetentionVerticle(
            services.bus(),
            database,
            lane,
            services.clock(),
            cluster.scheduler(),
            calls,
            configuration()));
    deployments.deployDomain(
        new LoadVerticle(
            services.bus(),
            database,
            services.clock(),
            cluster.scheduler(),
            calls,
            LoadEnvironment.of(services.config(), services.meters(), rateLimits, port)));
  }

  private List<ConfigEntry> configuration() {
    return ConfigEntries.of(settings, SecretFiles.signingSecret(services.config(), services.ids()));
  }

  private List<RefusedRequests.Request> latestProblems(int max) {
    return problems.latest(max).stream()
        .map(
            one ->
                new RefusedRequests.Request(
                    one.atMs(),
                    one.address(),
                    one.method(),
                    one.target(),
                    one.status(),
                    one.code()))
        .toList();
  }

  /** The open sockets of this node. */
  private record NodeSockets(SocketRegistry sockets) implements PlayerSockets {
    @Override
    public List<PlayerSocket> of(PlayerId player, int max) {
      return sockets.ofPlayer(player, max).stream()
          .map(
              state ->
                  new PlayerSocket(state.id(), state.path(), state.topics(), state.queuedBytes()))
          .toList();
    }

    @Override
    public boolean close(PlayerId player, long socket) {
      return sockets.close(player, socket, CloseReason.DISCONNECTED);
    }
  }

  /** The clients that the limits of this node refuse now; none where there are no limits. */
  private record NodeLimits(@Nullable RateLimits limits) implements LimitedClients {
    @Override
    public List<Client> list(int max) {
      return limits == null
          ? List.of()
          : limits.limited(max).stream()
              .map(
                  client ->
                      new Client(client.limit(), client.network(), client.count(), client.waitMs()))
              .toList();
    }

    @Override
    public void forget(String network) {
      if (limits != null) {
        limits.forget(network);
      }
    }
  }
}
