package dev.rookery.edge;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/**
 * Reads the request body into memory, up to a maximum size, for the routes behind it. The raw bytes
 * are in {@code context.body()}, the fields of a form or multipart body in {@code
 * request.formAttributes()}; uploaded files are discarded. A body over the maximum fails with 413,
 * an unreadable form with 400.
 */
public final class RequestBodyHandler implements Handler<RoutingContext> {
  private final BodyHandler bodyHandler;

  public RequestBodyHandler(int bytesMax) {
    this.bodyHandler =
        BodyHandler.create(false).setBodyLimit(bytesMax).setMergeFormAttributes(false);
  }

  @Override
  public void handle(RoutingContext context) {
    if (hasBody(context.request())) {
      bodyHandler.handle(context);
    } else {
      context.next();
    }
  }

  private static boolean hasBody(HttpServerRequest request) {
    var headers = request.headers();
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    return length == null ? headers.contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
  }
}
