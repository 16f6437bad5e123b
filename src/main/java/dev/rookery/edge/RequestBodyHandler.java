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
 * an unreadable form and malformed chunks with 400.
 *
 * <p>Mount it behind everything that may refuse the request without its body: a client that may not
 * make the request must not make the node hold its body. Handlers before it that wait for something
 * call {@link #pause} first. A client that waits for {@code 100 Continue} is asked for the body
 * only here.
 */
public final class RequestBodyHandler implements Handler<RoutingContext> {
  /** The maximum size of a body, in bytes, that suits most operations. */
  public static final int BYTES_MAX = 64 << 10;

  private final BodyHandler bodyHandler;

  /**
   * @param bytesMax maximum size of the body in bytes
   */
  public RequestBodyHandler(int bytesMax) {
    this.bodyHandler =
        BodyHandler.create(false).setBodyLimit(bytesMax).setMergeFormAttributes(false);
  }

  /** Keeps the body in the TCP connection until this handler reads it. */
  public static void pause(RoutingContext context) {
    if (hasBody(context.request())) {
      context.request().pause();
    }
  }

  /** Lets the rest of a body go that will not be read; to be called before the response. */
  public static void skip(RoutingContext context) {
    context.request().resume();
  }

  @Override
  public void handle(RoutingContext context) {
    if (!hasBody(context.request())) {
      context.next();
      return;
    }
    try {
      bodyHandler.handle(context);
    } catch (RuntimeException malformed) {
      // A form whose type names no charset that exists, or a boundary that is none.
      context.fail(400, malformed);
      return;
    }
    // In place of the handler's own, which takes malformed chunks and parts for failures of the
    // server.
    context.request().exceptionHandler(failure -> context.fail(400, failure));
  }

  static boolean hasBody(HttpServerRequest request) {
    var headers = request.headers();
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    return length == null ? headers.contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
  }
}
