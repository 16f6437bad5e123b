package dev.rookery.edge;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/**
 * Reads request bodies, in memory and bounded, before the routes that need them. Raw bytes are then
 * in {@code context.body()}, the fields of a form or of a multipart body in {@code
 * request.formAttributes()}; uploaded files are dropped. Too big a body fails with 413, a form that
 * cannot be read with 400.
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
