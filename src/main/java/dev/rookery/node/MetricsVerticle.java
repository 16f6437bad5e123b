package dev.rookery.node;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import org.jspecify.annotations.Nullable;

/** Serves the metrics, and nothing else, on a port of their own ({@code metrics.port}). */
final class MetricsVerticle extends VerticleBase {
  private final HttpServerOptions options;
  private final SocketAddress address;
  private final MetricsRoute metrics;
  private @Nullable HttpServer server;

  MetricsVerticle(HttpServerOptions options, SocketAddress address, MetricsRoute metrics) {
    this.options = options;
    this.address = address;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    metrics.mount(router);
    HttpServer created = vertx.createHttpServer(options).requestHandler(router);
    server = created;
    return created.listen(address);
  }

  /** The port that the server listens on, also if the system chose it. */
  int port() {
    if (server == null) {
      throw new IllegalStateException("the server is not started");
    }
    return server.actualPort();
  }
}
