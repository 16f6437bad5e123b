package dev.rookery.edge;

import dev.rookery.testkit.RawSocket;
import dev.rookery.trace.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server whose sockets echo what they receive; the text "break" makes the listener throw. */
record EchoServer(
    HttpServer http,
    SocketRegistry sockets,
    SimpleMeterRegistry meters,
    Set<Connection> connections) {
  static final int FRAME_MAX = 131_072;

  /** A request header that offers compression, for {@link RawSocket#open}. */
  static final String DEFLATE =
      "sec-websocket-extensions: permessage-deflate; client_max_window_bits";

  private static final SocketLimits LIMITS =
      new SocketLimits(
          FRAME_MAX,
          Duration.ofSeconds(4),
          256 << 10,
          1_000,
          5_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  static EchoServer start(Vertx vertx) {
    return start(vertx, LIMITS, 64 << 20);
  }

  static EchoServer start(Vertx vertx, SocketLimits limits, long memoryBytes) {
    var sockets = new SocketRegistry();
    var meters = new SimpleMeterRegistry();
    Set<Connection> connections = ConcurrentHashMap.newKeySet();
    var upgrader =
        new WebSocketUpgrader(
            vertx,
            limits,
            sockets,
            new MemoryBudget(memoryBytes, meters),
            new SocketAdmission(ConnectionLimits.NONE, null, meters),
            meters,
            Tracer.none());
    SocketOwner owner = SocketOwner.stranger("");
    // The short HTTP idle timeout must not affect WebSockets.
    HttpServer http =
        vertx
            .createHttpServer(
                WebSocketUpgrader.configure(new HttpServerOptions().setIdleTimeout(1)))
            .requestHandler(
                request ->
                    upgrader.upgrade(
                        request, owner, connection -> new Echo(connection, connections)))
            .listen(0, "127.0.0.1")
            .await();
    return new EchoServer(http, sockets, meters, connections);
  }

  int port() {
    return http.actualPort();
  }

  private record Echo(Connection connection, Set<Connection> connections)
      implements WebSocketListener {
    Echo {
      connections.add(connection);
    }

    @Override
    public void onText(byte[] message) {
      if (new String(message, StandardCharsets.UTF_8).equals("break")) {
        throw new IllegalStateException("thrown by the test");
      }
      connection.send(EncodedFrame.text(message));
    }

    @Override
    public void onBinary(byte[] message) {
      connection.send(EncodedFrame.binary(message));
    }

    @Override
    public Future<?> onClose() {
      connections.remove(connection);
      return Future.succeededFuture();
    }
  }
}
