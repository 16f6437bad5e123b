package dev.rookery.node;

import static dev.rookery.node.Deployments.await;

import dev.rookery.auth.PasswordHasher;
import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refused;
import dev.rookery.bus.ClusterKey;
import dev.rookery.bus.ClusterKeys;
import dev.rookery.bus.EventTypes;
import dev.rookery.cluster.ClockSync;
import dev.rookery.cluster.ClusterIdentity;
import dev.rookery.cluster.DatabaseClock;
import dev.rookery.cluster.LocalNode;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.config.ConfigItem;
import dev.rookery.config.ConfigItems;
import dev.rookery.config.LoadedConfig;
import dev.rookery.config.NodeConfig;
import dev.rookery.console.LogRing;
import dev.rookery.console.StreamVerticle;
import dev.rookery.console.TraceVerticle;
import dev.rookery.consumer.Consumers;
import dev.rookery.edge.ClientProblems;
import dev.rookery.edge.CloseReason;
import dev.rookery.edge.InFlightRequests;
import dev.rookery.edge.RateLimits;
import dev.rookery.edge.SocketRegistry;
import dev.rookery.fanout.FanOut;
import dev.rookery.lease.ClusterVerticle;
import dev.rookery.node.Health.Phase;
import dev.rookery.relay.RelayRoomVerticle;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.Store;
import dev.rookery.store.StreamReader;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running server, from its start over the drain to its end. What it consists of is put together
 * by {@link Domains} and {@link Wires}; parts are closed in the reverse order of their start.
 *
 * <p>Several nodes may run in one process. Starting and closing block the calling thread, which
 * must not be an event loop.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final int RUN_ID_BYTES = 9;
  private static final Duration CONNECTIONS_CLOSE_WITHIN = Duration.ofSeconds(2);
  // With more than one core, one stays free for short work.
  private static final int HASHING_THREADS =
      Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

  private final List<ConfigItem> settings;
  private final NodeConfig config;
  private final NodeDependencies dependencies;
  private final EventTypes events = Domains.EVENTS.copy();
  private final DatabaseClock clock;
  private final EdgeFactory edge;
  private final CloseStack closing = new CloseStack();
  private final Health health = new Health();
  private final InFlightRequests requests = new InFlightRequests();
  private final SocketRegistry sockets = new SocketRegistry();
  private final MeterRegistries meters = new MeterRegistries();
  private final LogRing log = new LogRing();
  private final ClusterKeys keys;
  private final ClusteredVertx cluster;
  private final Vertx vertx;
  private final Deployments deployments;
  private final NodeServices services;
  private final @Nullable RateLimits rateLimits;
  private final ClientProblems problems;
  private final HttpServers servers;
  private final String runId;
  private volatile @Nullable Domains domains;
  private volatile @Nullable String setupCode;
  private volatile Runnable drainRequest = this::drain;

  private Node(LoadedConfig loaded, NodeDependencies dependencies) {
    this.config = loaded.config();
    this.settings = ConfigItems.of(loaded);
    this.dependencies = dependencies;
    this.edge = new EdgeFactory(config);
    this.runId = dependencies.ids().token(RUN_ID_BYTES);
    closing.add("metrics", meters);
    closing.add("log ring", LogCapture.start(log, ConfigEntries.secrets(settings)));
    DataFolder.prepare(config);
    NativeLibraries.prepare(config);
    this.clock = new DatabaseClock(dependencies.clock());
    this.keys = SecretFiles.clusterKeys(config, dependencies.ids());
    this.cluster =
        ClusteredVertx.start(config.cluster(), keys, options(), meters, dependencies.ids());
    this.vertx = cluster.vertx();
    closing.add("vert.x", cluster);
    this.deployments = new Deployments(vertx, closing);
    var registry = meters.registry();
    var counters = CacheFactory.open(config, vertx, dependencies.clock(), registry);
    closing.add("cache", counters);
    var email = EmailFactory.open(config, vertx);
    closing.add("email", email);
    this.services =
        NodeServices.create(
            config,
            dependencies,
            clock,
            version(),
            vertx,
            keys,
            registry,
            counters,
            email,
            this::port);
    this.rateLimits =
        edge.rateLimits(
            dependencies.clock(), CacheFactory.isShared(config) ? counters::increment : null);
    this.problems = new ClientProblems(dependencies.clock());
    this.servers =
        new HttpServers(
            services, edge, deployments, health, requests, sockets, rateLimits, problems);
    BlockedThreads.install(vertx, registry, dependencies.blocked());
  }

  /**
   * Starts a node and waits until it is ready.
   *
   * @throws IllegalStateException if it cannot start; the message is for the operator
   */
  public static Node start(NodeConfig config, NodeDependencies dependencies) {
    return start(new LoadedConfig(config, Map.of()), dependencies);
  }

  /** As {@link #start(NodeConfig, NodeDependencies)}, with where the configuration came from. */
  public static Node start(LoadedConfig loaded, NodeDependencies dependencies) {
    Node node = new Node(loaded, dependencies);
    try {
      node.open();
      return node;
    } catch (RuntimeException | Error failure) {
      node.closing.close();
      throw failure;
    }
  }

  /** The code by which the first owner is made; null if the server has or had an owner. */
  public @Nullable String setupCode() {
    return setupCode;
  }

  /** The port that the node listens on, also if the system chose it. */
  public int port() {
    return servers.port();
  }

  /** The port that serves the metrics; 0 if they have none of their own. */
  int metricsPort() {
    return servers.metricsPort();
  }

  public String version() {
    return version(config);
  }

  /** The version that a node with this configuration has. */
  public static String version(NodeConfig config) {
    String built = Node.class.getPackage().getImplementationVersion();
    String given = config.version();
    return given != null ? given : built != null ? built : "(development)";
  }

  /** Where the data is stored, as shown to the operator; without a password. */
  public String dataLocation() {
    return StoreFactory.describe(StoreFactory.location(config));
  }

  public Vertx vertx() {
    return vertx;
  }

  private void open() {
    // Slow to construct and in need of no database: constructed while that is opened.
    Future<PasswordHasher> passwords =
        VirtualThreads.call(
            () ->
                new PasswordHasher(
                    dependencies.ids(), HASHING_THREADS, dependencies.passwordCost()));
    var wires = new Wires(services, edge);

    Store store = openStore();
    store.retryWhile(() -> open(store, passwords, wires));
    health.enter(Phase.READY);
  }

  private void open(Store store, Future<PasswordHasher> passwords, Wires wires) {
    FanOut fanOut = createFanOut(store);
    var consumers =
        new Consumers(vertx, services.bus(), store.database(), events, clock, meters.registry());
    await(Future.all(fanOut.start(), consumers.start()));
    store.keepUnread(consumers::firstUnread);
    store.publishTo(
        events -> {
          fanOut.publish(events);
          consumers.onCommitted(events);
          Domains started = domains;
          if (started != null) {
            started.onCommitted(events);
          }
        });
    ClusterServices clusterServices = joinCluster(store);
    var operations =
        new OperationsSetup(
            services, settings, log, health, this::requestDrain, rateLimits, problems, sockets);
    operations.deploy(
        deployments,
        store.database(),
        clusterServices,
        new StreamVerticle.Sources(
            new StreamReader(store.readLane()),
            fanOut,
            events,
            wires.previews(),
            meters.registry()),
        closing);
    NodeCalls calls = clusterServices.calls();
    var started =
        new Domains(
            services,
            store,
            clusterServices,
            consumers,
            fanOut,
            new FanOutStreams(fanOut),
            new FanOutChangeFeed(vertx, fanOut, new OutboxHistory(store.outbox())),
            closing);
    domains = started;
    started.deploy(deployments, await(passwords));
    new ClusterOperations(services, clusterServices, health)
        .deploy(deployments, started.database(), store, fanOut, calls);
    operations.deployRecorded(
        deployments, started.database(), store.readLane(), clusterServices, calls, this::port);
    deployments.deployDomain(new RelayRoomVerticle(services.bus(), calls, started.relay()));
    deployments.deployDomain(new TraceVerticle(services.bus(), calls, servers.tracer()));
    setupCode =
        new FirstOwner(services).prepare(DataFolder.isUsed(config) ? config.dataDir() : null);
    // Closed before the domains, whose state it hands over.
    closing.add("cluster ownership", clusterServices);
    closing.add("WebRTC peers", wires.peers());

    servers.listen(
        wires.protocols(servers.upgrader(), fanOut, started.relay(), started.luaScripts()));
    registerGauges();
    var threads = new ArrayList<>(store.vitalThreads());
    threads.addAll(clusterServices.vitalThreads());
    threads.addAll(cluster.vitalThreads());
    // Closed first: what is closed after it may end its threads.
    closing.add(
        "watch over threads", new VitalThreads(vertx, threads, why -> FatalErrors.end(why, null)));
  }

  private Store openStore() {
    Store store = Store.open(vertx, StoreFactory.of(config), events, clock, meters.registry());
    closing.add("store", store);
    closing.add("clock", ClockSync.start(store.heartbeatDatabase(), clock, meters.registry()));
    health.addProbe("database", () -> probe(store));
    return store;
  }

  /** A busy database is available: taking nodes out of service would not help it. */
  private static void probe(Store store) {
    try {
      store.check();
    } catch (Refused refused) {
      if (!refused.refusal().code().equals("store_busy")) {
        throw refused;
      }
    }
  }

  private FanOut createFanOut(Store store) {
    return new FanOut(
        vertx,
        services.bus(),
        events,
        new OutboxHistory(store.outbox()),
        meters.registry(),
        runId,
        config.fanOut().shards());
  }

  private ClusterServices joinCluster(Store store) {
    var self =
        new LocalNode(
            config.cluster().nodeName(),
            version(),
            StoreFactory.location(config) instanceof DatabaseLocation.File,
            new ClusterIdentity(
                keys.cluster(),
                keys.current().fingerprint(),
                keys.accepted().stream().map(ClusterKey::fingerprint).toList()),
            sockets::count,
            () -> domains == null ? 0 : domains.online(),
            store::publishedUpTo);
    var joined =
        ClusterServices.begin(
            store,
            self,
            services,
            () -> sockets.closeOpen(CloseReason.RESTART),
            this::endAfterFence);
    closing.add("cluster membership", joined);
    cluster.onMemberRemoved(joined.membership()::suspect);
    deployments.deployDomain(
        new ClusterVerticle(
            services.bus(), joined.membership(), joined.leases(), meters.registry()));
    return joined;
  }

  private void registerGauges() {
    Gauge.builder("rookery.http.underway", requests, InFlightRequests::count)
        .description("HTTP requests being answered")
        .register(meters.registry());
    Gauge.builder("rookery.ready", health, h -> h.phase() == Phase.READY ? 1 : 0)
        .description("Whether the node takes requests")
        .register(meters.registry());
  }

  private VertxOptions options() {
    var options = new VertxOptions().setPreferNativeTransport(true);
    return options
        .setEventLoopPoolSize(edge.eventLoops())
        .setMetricsOptions(meters.vertxOptions(runId));
  }

  /**
   * Shuts down in order: the readiness check fails, and for {@code drain.delay} requests are still
   * accepted, so that load balancers notice; sockets are closed with 1012, spread over {@code
   * drain.spread}; new requests are refused and those in flight finish; connections close; owned
   * state is handed over; everything is closed. Takes at most {@code drain.delay} and {@code
   * drain.timeout}, and then the time to close.
   */
  public void drain() {
    health.enter(Phase.DRAINING);
    Duration delay = config.drain().delayFor(config.cluster());
    if (delay.isPositive()) {
      await(vertx.timer(delay.toMillis()));
    }
    Duration timeout = config.drain().timeout();
    LOG.info("draining: {} requests, {} sockets", requests.count(), sockets.count());
    try {
      sockets
          .closeAll(vertx, CloseReason.RESTART, config.drain().spreadFor(config.cluster()))
          .compose(_ -> requests.close())
          .compose(_ -> servers.shutDown(CONNECTIONS_CLOSE_WITHIN))
          // It fails when everything is closed already.
          .otherwiseEmpty()
          .await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn(
          "{} requests and {} sockets were not closed within {}",
          requests.count(),
          sockets.count(),
          timeout);
    }
    close();
  }

  /**
   * Sets what drains this node, and ends the process, when an admin asks for it. By default the
   * node drains, and the process goes on.
   */
  public void onDrainRequest(Runnable action) {
    drainRequest = action;
  }

  /** Its sockets are closed already, and others have what it owned. */
  private void endAfterFence() {
    LOG.warn("an admin has fenced this node, which ends its process");
    requestDrain();
  }

  private void requestDrain() {
    Thread.ofPlatform().name("drain request").daemon().start(drainRequest);
  }

  /** Ends at once, without a drain. Acknowledged writes are on the disk already. */
  @Override
  public void close() {
    health.enter(Phase.DRAINING);
    closing.close();
  }
}
