package dev.rookery.testkit;

import dev.rookery.edge.Connection;
import dev.rookery.edge.ConnectionLimits;
import dev.rookery.edge.MemoryBudget;
import dev.rookery.edge.SocketAdmission;
import dev.rookery.edge.SocketLimits;
import dev.rookery.edge.SocketOwner;
import dev.rookery.edge.SocketRegistry;
import dev.rookery.edge.WebSocketListener;
import dev.rookery.edge.WebSocketUpgrader;
import dev.rookery.trace.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.function.Function;

/** A server that opens each socket with a listener of the test. */
public record SocketServer(int port, SocketRegistry sockets) {
  private static final SocketLimits LIMITS =
      new SocketLimits(
          131_072,
          Duration.ofSeconds(20),
          1 << 20,
          1_000,
          5_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  /**
   * @param listeners called for each socket on its event loop
   */
  public static SocketServer start(Vertx vertx, Function<Connection, WebSocketListener> listeners) {
    var sockets = new SocketRegistry();
    var meters = new SimpleMeterRegistry();
    var upgrader =
        new WebSocketUpgrader(
            vertx,
            LIMITS,
            sockets,
            new MemoryBudget(64 << 20, meters),
            new SocketAdmission(ConnectionLimits.NONE, null, meters),
            meters,
            Tracer.none());
    SocketOwner owner = SocketOwner.stranger("");
    int port =
        TestBus.await(
                vertx
                    .createHttpServer(WebSocketUpgrader.configure(new HttpServerOptions()))
                    .requestHandler(request -> upgrader.upgrade(request, owner, listeners))
                    .listen(0, "127.0.0.1"))
            .actualPort();
    return new SocketServer(port, sockets);
  }

  /** Opens a socket, as the client that it has. */
  public RawSocket open() {
    return RawSocket.open(port, "/");
  }

  /** Waits until the server has noticed that all its sockets are closed. */
  public void awaitNoSockets() {
    Eventually.holds(() -> sockets.count() == 0);
  }
}
