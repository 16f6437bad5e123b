package dev.rookery.edge;

import dev.rookery.base.FatalErrors;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server with its own router, deployed once per event loop; all of them listen on the same
 * port. Neither it nor a protocol mounted on it may block.
 */
public final class EdgeVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeVerticle.class);

  private final HttpServerOptions options;
  private final SocketAddress address;
  private final EdgeServices services;
  private final int loop;
  private @Nullable HttpServer server;

  /**
   * @param loop index of the event loop within this node, for metrics
   */
  public EdgeVerticle(
      HttpServerOptions options, SocketAddress address, EdgeServices services, int loop) {
    this.options = options;
    this.address = address;
    this.services = services;
    this.loop = loop;
  }

  @Override
  public Future<?> start() {
    new EventLoopLag(services.meters(), loop).start(vertx);
    // There are hundreds of routes, whose code is loaded meanwhile: on a busy machine that would
    // block the event loop for seconds.
    return vertx.executeBlocking(this::router).compose(this::listen);
  }

  private Future<HttpServer> listen(Router router) {
    var connections = new EventLoopConnections((ContextInternal) context, services);
    vertx.setPeriodic(services.deadlines().tickMs(), _ -> connections.advance());
    HttpServer created =
        vertx
            .createHttpServer(options)
            .connectionHandler(
                connection -> {
                  connection.exceptionHandler(EdgeVerticle::handleFailure);
                  StrictRequestDecoder.install(connection, options);
                  connections.accept(connection);
                })
            .requestHandler(
                request -> router.handle(ServedPathRequest.of(request, services.protocols())))
            .invalidRequestHandler(EdgeVerticle::rejectInvalid);
    server = created;
    return created.listen(address);
  }

  /** The port that the server listens on, the same for all event loops. */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("the server is not started");
    }
    return server.actualPort();
  }

  /**
   * Accepts no connections any more, and closes those that are open when their requests are
   * answered, or after that time. Completes when the last one has closed. From any thread.
   */
  public Future<Void> shutDown(Duration within) {
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Router router() {
    Router router = Router.router(vertx);
    router.route().setName("none").handler(new HttpPipeline(services));
    for (Protocol protocol : services.protocols()) {
      protocol.mount(router);
    }
    router
        .route()
        .last()
        .setName("none")
        .handler(context -> HttpErrors.respond(context, 404))
        .failureHandler(HttpErrors::handleFailure);
    return router;
  }

  /** The connection is closed after it. Most are of clients that left without closing theirs. */
  private static void handleFailure(Throwable failure) {
    FatalErrors.endIfFatal(failure);
    LOG.debug("a connection failed", failure);
  }

  /**
   * Answers a request that could not be parsed and closes the connection, because the start of the
   * next request is unknown.
   */
  private static void rejectInvalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    int status =
        cause instanceof TooLongHttpLineException
            ? 414
            : cause instanceof TooLongHttpHeaderException ? 431 : 400;
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    HttpErrors.respond(request, status);
    request.connection().close();
  }
}
