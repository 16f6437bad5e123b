package dev.rookery.protocol.phoenix;

import dev.rookery.edge.Connection;
import dev.rookery.edge.SocketOwner;
import dev.rookery.edge.WebSocketUpgrader;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens Phoenix sockets for requests that were authorised by other means than an access token. The
 * router of such a socket knows to whom it belongs.
 */
public final class AuthorizedSockets {
  private final WebSocketUpgrader upgrader;
  private final LongAdder waitingJoins = new LongAdder();
  private final ThreadLocal<JoinLimiter> joinLimiter =
      ThreadLocal.withInitial(() -> new JoinLimiter(waitingJoins));

  public AuthorizedSockets(WebSocketUpgrader upgrader) {
    this.upgrader = upgrader;
  }

  /** Whether the protocol version that a client names is known. */
  public static boolean isVersion(@Nullable String version) {
    return PhoenixCodec.forVersion(version) != null;
  }

  /**
   * Upgrades a request, which must have been paused unless this is called at once.
   *
   * @param version the version of the protocol, as {@link #isVersion} knows it
   * @param opened called with the connection; returns what is called when it has closed
   */
  public void upgrade(
      HttpServerRequest request,
      @Nullable String version,
      SocketOwner owner,
      ChannelRouter router,
      Function<Connection, Runnable> opened) {
    PhoenixCodec codec = PhoenixCodec.forVersion(version);
    if (codec == null) {
      throw new IllegalArgumentException("unknown version " + version);
    }
    upgrader.upgrade(
        request,
        owner,
        connection -> {
          var socket = new PhoenixSocket(connection, codec, router, joinLimiter.get(), null);
          socket.onClosed(opened.apply(connection));
          return socket;
        });
  }
}
