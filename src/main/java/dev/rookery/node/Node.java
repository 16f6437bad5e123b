package dev.rookery.node;

import dev.rookery.account.AccountVerticle;
import dev.rookery.allocation.Allocator;
import dev.rookery.auth.AuthDependencies;
import dev.rookery.auth.AuthSettings;
import dev.rookery.auth.AuthVerticle;
import dev.rookery.auth.EmailVerticle;
import dev.rookery.auth.PasswordHasher;
import dev.rookery.auth.ProviderVerticle;
import dev.rookery.auth.SessionVerticle;
import dev.rookery.auth.SignInThrottle;
import dev.rookery.base.Ids;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.EventTypes;
import dev.rookery.cache.SharedCounters;
import dev.rookery.chat.ChatEvent;
import dev.rookery.chat.ChatVerticle;
import dev.rookery.cluster.LocalNode;
import dev.rookery.config.NodeConfig;
import dev.rookery.config.Secret;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.EdgeServices;
import dev.rookery.edge.EdgeVerticle;
import dev.rookery.edge.InFlightRequests;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.SocketRegistry;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.email.EmailQueue;
import dev.rookery.email.EmailSender;
import dev.rookery.fanout.FanOut;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.ClusterVerticle;
import dev.rookery.lobby.Lobbies;
import dev.rookery.lobby.LobbyEvent;
import dev.rookery.lobby.LobbySetup;
import dev.rookery.lobby.LobbyVerticle;
import dev.rookery.matchmaking.MatchmakingEvent;
import dev.rookery.matchmaking.MatchmakingSetup;
import dev.rookery.matchmaking.MatchmakingVerticle;
import dev.rookery.node.Health.Phase;
import dev.rookery.notification.NotificationEvent;
import dev.rookery.notification.NotificationVerticle;
import dev.rookery.notification.Notifications;
import dev.rookery.player.PlayerEvent;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.player.Players;
import dev.rookery.presence.PresenceEvent;
import dev.rookery.presence.PresenceSettings;
import dev.rookery.presence.PresenceVerticle;
import dev.rookery.protocol.gameflow.GameFlowRoutes;
import dev.rookery.protocol.gameflow.GameFlowSockets;
import dev.rookery.protocol.gamend.GamendApi;
import dev.rookery.protocol.gamend.GamendSocket;
import dev.rookery.protocol.gamend.ProviderCallback;
import dev.rookery.protocol.kamon.KamonEndpoint;
import dev.rookery.protocol.kamon.StaticFiles;
import dev.rookery.protocol.page.Pages;
import dev.rookery.protocol.welcome.WelcomePage;
import dev.rookery.provider.ProviderHttpClient;
import dev.rookery.relay.Relay;
import dev.rookery.relay.RelayVerticle;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import dev.rookery.store.Database;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.Store;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running server: the one place that constructs its parts, and closes them the other way round.
 * Several may run in one process. Starting and closing block; they are for threads of the process,
 * not for event loops.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final Duration STEP_TIMEOUT = Duration.ofSeconds(30);
  private static final int RUN_ID_BYTES = 9;
  // Where there is more than one core, one is left to everybody who wants something short.
  private static final int HASHING_THREADS =
      Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

  /** Every family of events there is; their order means nothing. */
  private static final EventTypes EVENTS =
      new EventTypes(
          List.of(
              PlayerEvent.class,
              NotificationEvent.class,
              PresenceEvent.class,
              LobbyEvent.class,
              ChatEvent.class,
              MatchmakingEvent.class));

  private final NodeConfig config;
  private final NodeDependencies parts;
  private final EdgeFactory settings;
  private final CloseStack closing = new CloseStack();
  private final Health health = new Health();
  private final InFlightRequests requests = new InFlightRequests();
  private final SocketRegistry sockets = new SocketRegistry();
  private final MeterRegistries meters = new MeterRegistries();
  private final ClusteredVertx cluster;
  private final Vertx vertx;
  private final SharedCounters shared;
  private final EmailSender post;
  private final String runId;
  private volatile @Nullable PresenceVerticle presence;
  private volatile int port;

  private Node(NodeConfig config, NodeDependencies parts) {
    this.config = config;
    this.parts = parts;
    this.settings = new EdgeFactory(config);
    this.runId = parts.ids().token(RUN_ID_BYTES);
    closing.add("metrics", meters);
    this.cluster = ClusteredVertx.start(config.cluster(), options());
    this.vertx = cluster.vertx();
    closing.add("vert.x", () -> await(vertx.close()));
    this.shared = CacheFactory.open(config, vertx, parts.clock(), meters.registry());
    closing.add("cache", shared);
    this.post = EmailFactory.open(config, vertx);
    closing.add("mail", post);
    BlockedThreads.install(vertx, meters.registry(), parts.blocked());
  }

  /**
   * Starts a node and waits until it is ready.
   *
   * @throws IllegalStateException if it cannot; the message is for the one who runs it
   */
  public static Node start(NodeConfig config, NodeDependencies parts) {
    Node node = new Node(config, parts);
    try {
      node.open();
      return node;
    } catch (RuntimeException | Error failure) {
      node.closing.close();
      throw failure;
    }
  }

  /** The port listened on, also if the system chose it. */
  public int port() {
    return port;
  }

  public String version() {
    String built = Node.class.getPackage().getImplementationVersion();
    String given = config.version();
    return given != null ? given : built != null ? built : "(development)";
  }

  /** Where the data is, for people. */
  public String dataLocation() {
    return StoreFactory.describe(StoreFactory.location(config));
  }

  public Vertx vertx() {
    return vertx;
  }

  private void open() {
    var bus = new Bus(vertx, meters.registry());
    var tokens = tokens();
    var sessions = new Sessions(vertx, bus, tokens, parts.clock());
    // Slow to construct and in need of no database: made while that is opened.
    Future<PasswordHasher> passwords =
        VirtualThreads.call(() -> new PasswordHasher(parts.ids(), HASHING_THREADS));
    Future<GamendApi> api = VirtualThreads.call(() -> api(bus, sessions)).compose(made -> made);
    Future<Protocol> pages = VirtualThreads.call(() -> pages(bus, sessions, tokens));

    Store store = store();
    FanOut fanOut = fanOut(bus, store);
    ClusterServices owned = own(bus, store);
    domains(bus, store.database(), tokens, sessions, await(passwords), owned);
    Relay relay = relay(bus, store.database(), owned);
    // Before the domains, whose state it hands over.
    closing.add("what is owned", owned);

    var upgrades =
        new WebSocketUpgrader(vertx, settings.socketLimits(), sockets, meters.registry());
    listen(
        new OperationsRoutes(health, meters.registry(), config.metrics().token()),
        await(api),
        gamend(upgrades, sessions, bus, fanOut),
        new KamonEndpoint(upgrades, settings.origins(), relay),
        new StaticFiles(config.staticFiles().folder()),
        new WelcomePage(bus, parts.clock(), version(), config.pages().enabled()),
        await(pages),
        new GameFlowSockets(
            upgrades,
            settings.origins(),
            sessions,
            bus,
            fanOut,
            parts.ids(),
            config.allocation().gameFlow().mode(),
            config.allocation().gameFlow().region(),
            AllocatorFactory.createMatchmaker(config, vertx),
            vertx,
            parts.clock()),
        new ProviderCallback(bus),
        new GameFlowRoutes(bus, sessions, config.http().bodyBytesMax()));
    gauges();
    health.enter(Phase.READY);
  }

  private Protocol pages(Bus bus, Sessions sessions, Tokens tokens) {
    if (!config.pages().enabled()) {
      return _ -> {};
    }
    String secret = SecretFiles.signingSecret(config, parts.ids()).value();
    var settings = PageSettingsFactory.of(config, this.settings, secret, post);
    return new Pages(bus, sessions, tokens, parts.clock(), parts.ids(), settings);
  }

  private Tokens tokens() {
    String signing = SecretFiles.signingSecret(config, parts.ids()).value();
    Secret lasting = config.auth().gameSecret();
    return lasting == null
        ? new Tokens(vertx, signing, parts.clock(), parts.ids())
        : new Tokens(vertx, signing, lasting.value(), parts.clock(), parts.ids());
  }

  private Future<GamendApi> api(Bus bus, Sessions sessions) {
    return GamendApi.create(
        vertx,
        bus,
        sessions,
        config.limits(),
        parts.clock(),
        () -> config.http().publicUrl(port),
        version(),
        config.http().bodyBytesMax());
  }

  private ClusterServices own(Bus bus, Store store) {
    var self =
        new LocalNode(
            config.cluster().nodeName(),
            version(),
            StoreFactory.location(config) instanceof DatabaseLocation.File,
            sockets::count,
            () -> presence == null ? 0 : presence.online(),
            store::postedUpto);
    var owned =
        ClusterServices.begin(
            store,
            self,
            config,
            parts.clock(),
            () -> sockets.closeOpen(CloseReason.RESTART),
            meters.registry());
    closing.add("membership", owned);
    cluster.onMemberRemoved(owned.membership()::suspect);
    serve(new ClusterVerticle(bus, owned.membership(), owned.leases(), meters.registry()));
    return owned;
  }

  /** The domains in their order; each may ask those before it. */
  private void domains(
      Bus bus,
      Database database,
      Tokens tokens,
      Sessions sessions,
      PasswordHasher passwords,
      ClusterServices owned) {
    ClusterScheduler duties = owned.duties();
    InstantSource clock = parts.clock();
    Ids ids = parts.ids();
    closing.add("hashing", passwords);

    serve(new PlayerVerticle(bus, database, clock, config.limits()));
    serve(new SessionVerticle(bus, database, sessions, clock, ids, duties));
    var ways =
        new AuthDependencies(
            tokens,
            passwords,
            new SignInThrottle(config.rateLimit().enabled() ? shared : null, meters.registry()),
            new EmailQueue(vertx, post, meters.registry()),
            new AuthSettings(
                config.limits(),
                config.auth().deviceSignIn(),
                config.auth().sessionsMax(),
                config.auth().sessionFor(),
                config.mail().fromName(),
                () -> EmailFactory.linkBaseUrl(config, port)),
            clock,
            ids);
    serve(new AuthVerticle(bus, database, ways));
    serve(new EmailVerticle(bus, database, ways, duties));
    serve(providers(bus, database, ways, duties));
    serve(new NotificationVerticle(bus, database));
    presence = presence(bus, database, owned);
    serve(presence);
    var players = new Players(clock);
    Allocator allocator = AllocatorFactory.createAllocator(config, vertx, () -> port);
    serve(
        new LobbyVerticle(
            bus,
            database,
            players,
            new Notifications(),
            passwords,
            new LobbySetup(
                owned.membership()::run, duties, config.limits(), parts.random(), ids, allocator)));
    serve(new ChatVerticle(bus, database, players, new Lobbies(), config.limits(), duties));
    serve(new AccountVerticle(bus, clock, config.rateLimit().enabled() ? shared : null));
    serve(
        new MatchmakingVerticle(
            bus,
            database,
            new MatchmakingSetup(
                owned.membership()::run,
                duties,
                clock,
                ids,
                allocator,
                config.matchmaking().ticketFor()),
            meters.registry()));
  }

  private ProviderVerticle providers(
      Bus bus, Database database, AuthDependencies ways, ClusterScheduler duties) {
    var web = new ProviderHttpClient(vertx, config.providers().within(), meters.registry());
    closing.add("providers", web);
    var providers =
        ProviderFactory.of(config, vertx, web, parts.clock(), () -> config.http().publicUrl(port));
    return new ProviderVerticle(bus, database, ways, providers, duties, meters.registry());
  }

  private GamendSocket gamend(
      WebSocketUpgrader upgrades, Sessions sessions, Bus bus, FanOut fanOut) {
    var socket =
        new GamendSocket(
            upgrades,
            sessions,
            settings.origins(),
            bus,
            fanOut,
            parts.ids(),
            settings.socketLimit(parts.clock()));
    Gauge.builder("rookery.sockets.joins.waiting", socket, GamendSocket::joinsWaiting)
        .description("Joins of topics that wait to be let in")
        .register(meters.registry());
    return socket;
  }

  private Relay relay(Bus bus, Database database, ClusterServices owned) {
    String name = config.cluster().nodeName();
    var relay = new Relay(vertx, bus, meters.registry(), name);
    serve(new RelayVerticle(bus, database, relay, name, owned.membership()::run));
    return relay;
  }

  private PresenceVerticle presence(Bus bus, Database database, ClusterServices owned) {
    var verticle =
        new PresenceVerticle(
            bus,
            database,
            parts.clock(),
            owned.membership(),
            owned.duties(),
            new PresenceSettings(config.presence().grace()));
    Gauge.builder("rookery.presence.online", verticle, PresenceVerticle::online)
        .description("Players who are connected to this node")
        .register(meters.registry());
    return verticle;
  }

  private Store store() {
    Store store =
        Store.open(vertx, StoreFactory.of(config), EVENTS, parts.clock(), meters.registry());
    closing.add("store", store);
    health.addProbe("database", () -> look(store.database()));
    return store;
  }

  /** A database that has no time for us is there: more nodes that leave would not help it. */
  private static void look(Database database) {
    try {
      database.read("SELECT 1");
    } catch (Refused refused) {
      if (!refused.refusal().code().equals("store_busy")) {
        throw refused;
      }
    }
  }

  private FanOut fanOut(Bus bus, Store store) {
    var history = new OutboxHistory(store.outbox());
    var fanOut =
        new FanOut(vertx, bus, EVENTS, history, meters.registry(), runId, config.fanOut().shards());
    await(fanOut.start());
    store.postTo(fanOut::publish);
    return fanOut;
  }

  private void gauges() {
    Gauge.builder("rookery.http.underway", requests, InFlightRequests::count)
        .description("HTTP requests being answered")
        .register(meters.registry());
    Gauge.builder("rookery.ready", health, h -> h.phase() == Phase.READY ? 1 : 0)
        .description("Whether the node takes requests")
        .register(meters.registry());
  }

  /** Deploys a domain, which then serves its commands on virtual threads. */
  private void serve(Deployable domain) {
    deploy(
        domain.getClass().getSimpleName(),
        () -> domain,
        new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD));
  }

  /** Opens the door: one server on each event loop. The last thing to do. */
  private void listen(Protocol... protocols) {
    var mounted = new ArrayList<>(List.of(protocols));
    mounted.addAll(parts.protocols());
    var edge =
        new EdgeServices(
            settings.clientAddress(),
            settings.origins(),
            settings.rateLimits(
                parts.clock(), CacheFactory.isShared(config) ? shared::count : null),
            requests,
            mounted,
            meters.registry(),
            parts.ids());
    var servers = new ConcurrentLinkedQueue<EdgeVerticle>();
    deploy(
        "the edge",
        () -> {
          var server =
              new EdgeVerticle(
                  settings.httpServerOptions(), settings.address(), edge, servers.size());
          servers.add(server);
          return server;
        },
        new DeploymentOptions().setInstances(settings.eventLoops()));
    port = servers.element().port();
  }

  private VertxOptions options() {
    var options = new VertxOptions().setPreferNativeTransport(true);
    return options.setEventLoopPoolSize(settings.eventLoops());
  }

  private void deploy(String name, Supplier<Deployable> part, DeploymentOptions options) {
    String id;
    try {
      id = await(vertx.deployVerticle(part, options));
    } catch (RuntimeException failure) {
      throw new IllegalStateException(name + " cannot start: " + failure.getMessage(), failure);
    }
    closing.add(name, () -> await(vertx.undeploy(id)));
  }

  /**
   * Leaves in order: readiness goes first, for a while requests are still taken so that balancers
   * notice; then sockets are told, one after the other, to come back elsewhere; then new requests
   * are refused and those under way finish; then what is owned is handed over, and everything is
   * closed. Bounded in time.
   */
  public void drain() {
    health.enter(Phase.DRAINING);
    Duration delay = config.drain().delayFor(config.cluster());
    if (delay.isPositive()) {
      await(vertx.timer(delay.toMillis()));
    }
    Duration within = config.drain().timeout();
    LOG.info("draining: {} requests, {} sockets", requests.count(), sockets.count());
    try {
      sockets
          .closeAll(vertx, CloseReason.RESTART, config.drain().spreadFor(config.cluster()))
          .compose(_ -> requests.close())
          .await(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn(
          "{} requests and {} sockets were not done within {}",
          requests.count(),
          sockets.count(),
          within);
    }
    close();
  }

  /** Ends at once. Whatever was acknowledged is on the disk all the same. */
  @Override
  public void close() {
    health.enter(Phase.DRAINING);
    closing.close();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(STEP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done within " + STEP_TIMEOUT, e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // Undeclared, yet thrown: a future may fail with anything.
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
