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
 * All sockets of a run, on its one event loop. Heartbeats and the read buffer are shared. Beyond
 * {@value #FROM_ONE_ADDRESS} sockets further loopback addresses are used as sources, since one has
 * no more ports.
 */
final class ClientSockets {
  private static final int FROM_ONE_ADDRESS = 25_000;
  private static final int ADDRESSES_MAX = 250;
  private static final String LOOPBACK = "127.";
  private static final int BUFFER_BYTES = 256 * 1_024;
  private static final int CONNECT_TIMEOUT_MS = 10_000;
  // Servers close sockets that are silent for a minute.
  private static final int HEARTBEAT_SECONDS = 25;

  private final VertxInternal vertx;
  private final LoadMetrics metrics;
  private final String from;
  private final PhoenixMessage message = new PhoenixMessage();
  private final List<ClientSocket> open = new ArrayList<>();
  private final long timer;
  private byte[] readBuffer = new byte[BUFFER_BYTES];
  private long created;
  private int second;
  private @Nullable Promise<Void> empty;

  /**
   * @param from the loopback address from which all sockets connect; empty for the usual ones
   */
  ClientSockets(VertxInternal vertx, LoadMetrics metrics, String from) {
    this.from = from;
    this.vertx = vertx;
    this.metrics = metrics;
    this.timer = vertx.setPeriodic(1_000, _ -> sendHeartbeats());
  }

  /** Connects with a token, performs the handshake, and returns the open socket. */
  Future<ClientSocket> open(URI node, String token, ClientSocket.Listener listener) {
    String query = "?vsn=2.0.0&token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    return openAt(node, "/socket/websocket" + query, listener);
  }

  /**
   * @param path the path with its query
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
    long address = created++ / FROM_ONE_ADDRESS % ADDRESSES_MAX;
    if (!from.isEmpty()) {
      bootstrap.localAddress(new InetSocketAddress(from, 0));
    } else if (address > 0 && node.getHost().startsWith(LOOPBACK)) {
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

  LoadMetrics metrics() {
    return metrics;
  }

  PhoenixMessage message() {
    return message;
  }

  /** A buffer to read into, valid until the next read of any socket. */
  byte[] readBuffer(int length) {
    if (length > readBuffer.length) {
      readBuffer = new byte[Math.max(length, 2 * readBuffer.length)];
    }
    return readBuffer;
  }

  void add(ClientSocket socket) {
    socket.index = open.size();
    open.add(socket);
  }

  void remove(ClientSocket socket) {
    ClientSocket last = open.removeLast();
    if (last != socket) {
      open.set(socket.index, last);
      last.index = socket.index;
    }
    if (open.isEmpty() && empty != null) {
      empty.tryComplete();
    }
  }

  private void sendHeartbeats() {
    second++;
    for (int i = second % HEARTBEAT_SECONDS; i < open.size(); i += HEARTBEAT_SECONDS) {
      open.get(i).sendHeartbeat();
    }
  }

  /** Closes all sockets and waits until they are closed, for at most 10 seconds. */
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
