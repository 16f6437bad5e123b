package dev.rookery.edge;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP server with its own router; deployed once for each event loop, all on one port. Nothing
 * here or in a wire may block.
 */
public final class EdgeVerticle extends VerticleBase {
  private final HttpServerOptions options;
  private final SocketAddress address;
  private final EdgeServices services;
  private final int loop;
  private @Nullable HttpServer server;

  /** Of {@code loop}, the loop's number among those of this node. */
  public EdgeVerticle(
      HttpServerOptions options, SocketAddress address, EdgeServices edge, int loop) {
    this.options = options;
    this.address = address;
    this.services = edge;
    this.loop = loop;
  }

  @Override
  public Future<?> start() {
    new EventLoopLag(services.meters(), loop).start(vertx);
    HttpServer created =
        vertx
            .createHttpServer(options)
            .requestHandler(router())
            .invalidRequestHandler(EdgeVerticle::rejectInvalid);
    server = created;
    return created.listen(address);
  }

  /** The port listened on, the same for all event loops. */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
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

  /** A request so malformed or long that there is no telling where the next one begins. */
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
