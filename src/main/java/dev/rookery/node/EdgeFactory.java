package dev.rookery.node;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.rookery.base.CidrBlock;
import dev.rookery.config.NodeConfig;
import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.ClientAddressResolver;
import dev.rookery.edge.ConnectionLimits;
import dev.rookery.edge.FixedWindowLimiter;
import dev.rookery.edge.MemoryBudget;
import dev.rookery.edge.RateLimits;
import dev.rookery.edge.RequestDeadlines;
import dev.rookery.edge.SharedCounters;
import dev.rookery.edge.SocketAdmission;
import dev.rookery.edge.SocketLimits;
import dev.rookery.edge.WebSocketUpgrader;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Creates what the edge needs, from the configuration. */
final class EdgeFactory {
  private static final int SHARED_PORT = 1;
  private static final int HEALTH_CHECK_RESERVE = 64;
  // This part of all connections is not given to strangers' sockets.
  private static final int PLAYERS_PART = 4;

  private final NodeConfig config;
  private final ClientAddressResolver clientAddress;

  EdgeFactory(NodeConfig config) {
    this.config = config;
    this.clientAddress =
        new ClientAddressResolver(
            config.http().trustedProxies().stream().map(CidrBlock::parse).toList(),
            config.http().addressHeaders());
  }

  SocketAddress address() {
    var http = config.http();
    // A port that the system chooses must be the same for all event loops.
    return http.port() == 0
        ? SocketAddress.sharedRandomPort(SHARED_PORT, http.host())
        : SocketAddress.inetSocketAddress(http.port(), http.host());
  }

  /** Where the metrics are served; null if that is {@link #address}. */
  @Nullable SocketAddress metricsAddress() {
    var metrics = config.metrics();
    Integer port = metrics.port();
    String host = metrics.host();
    return port == null
        ? null
        : SocketAddress.inetSocketAddress(port, host == null ? config.http().host() : host);
  }

  int eventLoops() {
    return config.http().eventLoopsOn(Runtime.getRuntime().availableProcessors());
  }

  HttpServerOptions httpServerOptions() {
    var http = config.http();
    return WebSocketUpgrader.configure(new HttpServerOptions())
        .setAcceptBacklog(http.backlog())
        .setTcpNoDelay(true)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout(Math.toIntExact(http.idleTimeout().toMillis()))
        .setMaxInitialLineLength(http.uriBytesMax())
        .setMaxHeaderSize(http.headerBytesMax())
        .setMaxFormAttributeSize(http.bodyBytesMax())
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(http.compression());
  }

  /** The same object for all parts of the node, because it logs a forgotten proxy once. */
  ClientAddressResolver clientAddress() {
    return clientAddress;
  }

  AllowedOrigins origins() {
    var http = config.http();
    return new AllowedOrigins(http.allowedOrigins(), http.publicHost(), !config.production());
  }

  /**
   * @param shared null to count on this node alone
   */
  @Nullable RateLimits rateLimits(InstantSource clock, @Nullable SharedCounters shared) {
    var limit = config.rateLimit();
    return limit.enabled()
        ? new RateLimits(
            window(limit.general().limit(), limit.general().window(), clock),
            window(limit.signIn().limit(), limit.signIn().window(), clock),
            shared)
        : null;
  }

  @Nullable FixedWindowLimiter socketLimit(InstantSource clock) {
    var limit = config.rateLimit();
    return limit.enabled() ? window(limit.socket().limit(), limit.socket().window(), clock) : null;
  }

  @Nullable FixedWindowLimiter dataChannelLimit(InstantSource clock) {
    var limit = config.rateLimit();
    return limit.enabled()
        ? window(limit.dataChannels().limit(), limit.dataChannels().window(), clock)
        : null;
  }

  @Nullable FixedWindowLimiter gameFileLimit(InstantSource clock) {
    var limit = config.rateLimit();
    return limit.enabled()
        ? window(limit.gameFiles().limit(), limit.gameFiles().window(), clock)
        : null;
  }

  private FixedWindowLimiter window(int limit, Duration window, InstantSource clock) {
    return new FixedWindowLimiter(limit, window, config.rateLimit().addressesMax(), clock);
  }

  SocketLimits socketLimits() {
    var sockets = config.sockets();
    return new SocketLimits(
        sockets.frameBytesMax(),
        sockets.idleTimeout(),
        sockets.queueBytesMax(),
        sockets.queueFramesMax(),
        sockets.framesPerSecondMax(),
        sockets.messageTimeout(),
        sockets.unusedTimeout());
  }

  RequestDeadlines requestDeadlines() {
    return new RequestDeadlines(config.http().headerTimeout(), config.http().bodyTimeout());
  }

  MemoryBudget memoryBudget(MeterRegistry meters) {
    long bytes =
        config
            .memory()
            .budgetBytes(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
    return new MemoryBudget(bytes, meters);
  }

  SocketAdmission socketAdmission(InstantSource clock, MeterRegistry meters) {
    var limit = config.rateLimit();
    FixedWindowLimiter upgrades =
        limit.enabled()
            ? window(limit.upgrades().limitWith(limit.general()), limit.upgrades().window(), clock)
            : null;
    return new SocketAdmission(connectionLimits(), upgrades, meters);
  }

  private ConnectionLimits connectionLimits() {
    int connections = config.http().connectionsMaxWith(fileDescriptors());
    var sockets = config.sockets();
    return new ConnectionLimits(
        connections,
        HEALTH_CHECK_RESERVE,
        Math.max(1, connections - connections / PLAYERS_PART),
        sockets.perAddressMaxOf(connections),
        sockets.perPlayerMax());
  }

  /** The number of files that this process may have open. */
  private static long fileDescriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }
}
