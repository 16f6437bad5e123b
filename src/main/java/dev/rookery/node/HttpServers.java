package dev.rookery.node;

import dev.rookery.config.TracesConfig;
import dev.rookery.edge.ClientProblems;
import dev.rookery.edge.EdgeServices;
import dev.rookery.edge.EdgeVerticle;
import dev.rookery.edge.InFlightRequests;
import dev.rookery.edge.MemoryBudget;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RateLimits;
import dev.rookery.edge.SocketAdmission;
import dev.rookery.edge.SocketRegistry;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.trace.TraceRing;
import dev.rookery.trace.Tracer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers that accept connections: one for clients on each event loop, and one for the metrics
 * if they have a port of their own.
 */
final class HttpServers {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServers.class);

  private final NodeServices services;
  private final EdgeFactory edge;
  private final Deployments deployments;
  private final Health health;
  private final InFlightRequests requests;
  private final SocketRegistry sockets;
  private final @Nullable RateLimits rateLimits;
  private final ClientProblems problems;
  private final MemoryBudget memory;
  private final SocketAdmission admission;
  private final Tracer tracer;
  private final Queue<EdgeVerticle> listening = new ConcurrentLinkedQueue<>();
  private volatile int port;
  private volatile int metricsPort;

  /**
   * @param health what the operations routes report
   * @param requests counts the requests that are being answered
   * @param sockets lists the open sockets
   * @param problems lists the requests that were refused
   */
  HttpServers(
      NodeServices services,
      EdgeFactory edge,
      Deployments deployments,
      Health health,
      InFlightRequests requests,
      SocketRegistry sockets,
      @Nullable RateLimits rateLimits,
      ClientProblems problems) {
    this.services = services;
    this.edge = edge;
    this.deployments = deployments;
    this.health = health;
    this.requests = requests;
    this.sockets = sockets;
    this.rateLimits = rateLimits;
    this.problems = problems;
    this.memory = edge.memoryBudget(services.meters());
    this.admission = edge.socketAdmission(services.dependencies().clock(), services.meters());
    this.tracer = tracer(services);
  }

  private static Tracer tracer(NodeServices services) {
    InstantSource clock = services.dependencies().clock();
    TracesConfig traces = services.config().traces();
    return new Tracer(
        traces.sample(), traces.slow(), new TraceRing(clock), clock, services.meters());
  }

  /** The port that clients connect to, also if the system chose it; 0 until the node listens. */
  int port() {
    return port;
  }

  /** The port that serves the metrics; 0 if they have none of their own. */
  int metricsPort() {
    return metricsPort;
  }

  /** Traces requests and the frames of sockets. */
  Tracer tracer() {
    return tracer;
  }

  /** Opens the WebSockets of all protocols, within the limits of this node. */
  WebSocketUpgrader upgrader() {
    return new WebSocketUpgrader(
        services.vertx(),
        edge.socketLimits(),
        sockets,
        memory,
        admission,
        services.meters(),
        tracer);
  }

  /** Accepts connections. The last step of the start. */
  void listen(List<Protocol> wires) {
    var metrics = new MetricsRoute(services.config(), services.meters());
    SocketAddress metricsAddress = edge.metricsAddress();
    var protocols = new ArrayList<Protocol>();
    protocols.add(new OperationsRoutes(health, metricsAddress == null ? metrics : null));
    protocols.addAll(wires);
    protocols.addAll(services.dependencies().protocols());
    var edgeServices =
        new EdgeServices(
            edge.clientAddress(),
            edge.origins(),
            rateLimits,
            requests,
            protocols,
            services.meters(),
            services.ids(),
            memory,
            admission,
            problems,
            edge.requestDeadlines(),
            tracer);
    deployments.deploy(
        "the HTTP server",
        () -> {
          var server =
              new EdgeVerticle(
                  edge.httpServerOptions(), edge.address(), edgeServices, listening.size());
          listening.add(server);
          return server;
        },
        new DeploymentOptions().setInstances(edge.eventLoops()));
    port = listening.element().port();
    if (metricsAddress != null) {
      listenForMetrics(metricsAddress, metrics);
    } else if (MetricsRoute.isClosed(services.config())) {
      LOG.info("/metrics is closed: set metrics.token (METRICS_TOKEN) or metrics.port");
    }
  }

  /**
   * Accepts no connections any more. Completes when the last one has closed: each does so after the
   * response to its request, and after that time in any case.
   */
  Future<Void> shutDown(Duration within) {
    return Future.join(listening.stream().map(server -> server.shutDown(within)).toList())
        .mapEmpty();
  }

  private void listenForMetrics(SocketAddress address, MetricsRoute metrics) {
    var server = new MetricsVerticle(edge.httpServerOptions(), address, metrics);
    deployments.deploy("the metrics server", () -> server, new DeploymentOptions());
    metricsPort = server.port();
    LOG.info("metrics at port {}", metricsPort);
  }
}
