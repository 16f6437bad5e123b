package dev.rookery.loadtest;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.VertxInternal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All sockets of a run, on its one event loop. What they do together is done once: heartbeats, the
 * memory that is read into. Beyond {@value #FROM_ONE_ADDRESS} they come from further addresses of
 * the loopback, since one has no more ports.
 */
final class ClientSockets {
  private static final int FROM_ONE_ADDRESS = 25_000;
  private static final int ADDRESSES_MAX = 250;
  private static final String LOOPBACK = "127.";
  private static final int SCRATCH = 256 * 1_024;
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  // Servers close what is silent for a minute.
  private static final int HEARTBEAT_SECONDS = 25;

  private final VertxInternal vertx;
  private final LoadMetrics figures;
  private final PhoenixMessage pushed = new PhoenixMessage();
  private final List<ClientSocket> open = new ArrayList<>();
  private final long timer;
  private byte[] scratch = new byte[SCRATCH];
  private long made;
  private int second;
  private @Nullable Promise<Void> empty;

  ClientSockets(VertxInternal vertx, LoadMetrics figures) {
    this.vertx = vertx;
    this.figures = figures;
    this.timer = vertx.setPeriodic(1_000, _ -> beat());
  }

  /** Connects with a token, asks for the upgrade, and answers the open socket. */
  Future<ClientSocket> open(URI node, String token, ClientSocket.Listener listener) {
    String query = "?vsn=2.0.0&token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    return openAt(node, "/socket/websocket" + query, listener);
  }

  /**
   * @param path with its query
   */
  Future<ClientSocket> openAt(URI node, String path, ClientSocket.Listener listener) {
    var socket = new ClientSocket(this, node, path, listener);
    var bootstrap =
        new Bootstrap()
            .group(vertx.nettyEventLoopGroup())
            .channelFactory(vertx.transport().channelFactory(false))
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
            .handler(socket);
    long address = made++ / FROM_ONE_ADDRESS % ADDRESSES_MAX;
    if (address > 0 && node.getHost().startsWith(LOOPBACK)) {
      bootstrap.localAddress(new InetSocketAddress(LOOPBACK + "0.0." + (1 + address), 0));
    }
    ChannelFuture connecting = bootstrap.connect(node.getHost(), port(node));
    connecting.addListener(
        connected -> {
          if (!connected.isSuccess()) {
            socket.opened().tryFail(new RequestException(0, node + ": " + connected.cause()));
          }
        });
    return socket.opened().future();
  }

  static int port(URI node) {
    return node.getPort() < 0 ? 80 : node.getPort();
  }

  int count() {
    return open.size();
  }

  LoadMetrics figures() {
    return figures;
  }

  PhoenixMessage pushed() {
    return pushed;
  }

  /** Memory to read into, until the next read of any socket. */
  byte[] scratch(int length) {
    if (length > scratch.length) {
      scratch = new byte[Math.max(length, 2 * scratch.length)];
    }
    return scratch;
  }

  void enter(ClientSocket socket) {
    socket.place = open.size();
    open.add(socket);
  }

  void leave(ClientSocket socket) {
    ClientSocket last = open.removeLast();
    if (last != socket) {
      open.set(socket.place, last);
      last.place = socket.place;
    }
    if (open.isEmpty() && empty != null) {
      empty.tryComplete();
    }
  }

  private void beat() {
    second++;
    for (int i = second % HEARTBEAT_SECONDS; i < open.size(); i += HEARTBEAT_SECONDS) {
      open.get(i).beat();
    }
  }

  /** Says goodbye on all of them and waits until they are closed; no longer than a while. */
  Future<Void> closeAll() {
    vertx.cancelTimer(timer);
    return closeOpen();
  }

  Future<Void> closeOpen() {
    if (open.isEmpty()) {
      return Future.succeededFuture();
    }
    Promise<Void> closed = Promise.promise();
    empty = closed;
    List.copyOf(open).forEach(ClientSocket::close);
    long giveUp =
        vertx.setTimer(
            10_000,
            _ -> {
              List.copyOf(open).forEach(ClientSocket::drop);
              closed.tryComplete();
            });
    return closed.future().onComplete(_ -> vertx.cancelTimer(giveUp));
  }
}
