package dev.rookery.node;

import dev.rookery.config.NodeConfig;
import dev.rookery.edge.AllowedOrigins;
import dev.rookery.edge.CidrBlock;
import dev.rookery.edge.ClientAddressResolver;
import dev.rookery.edge.FixedWindowLimiter;
import dev.rookery.edge.RateLimits;
import dev.rookery.edge.SharedCounters;
import dev.rookery.edge.SocketLimits;
import dev.rookery.edge.WebSocketUpgrader;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Creates what the edge needs, from the configuration. */
final class EdgeFactory {
  private static final int SHARED_PORT = 1;

  private final NodeConfig config;

  EdgeFactory(NodeConfig config) {
    this.config = config;
  }

  SocketAddress address() {
    var http = config.http();
    // A port that the system chooses must be the same for all event loops.
    return http.port() == 0
        ? SocketAddress.sharedRandomPort(SHARED_PORT, http.host())
        : SocketAddress.inetSocketAddress(http.port(), http.host());
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
        .setHandle100ContinueAutomatically(true)
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(http.compression());
  }

  ClientAddressResolver clientAddress() {
    var http = config.http();
    return new ClientAddressResolver(
        http.trustedProxies().stream().map(CidrBlock::parse).toList(), http.addressHeaders());
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
        sockets.framesPerSecondMax());
  }
}
