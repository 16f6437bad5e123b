package dev.rookery.edge;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of a request body into memory, whatever its type, up to a maximum size; for
 * uploads in multipart bodies, whose files {@link RequestBodyHandler} discards. A body over the
 * maximum fails with 413. As with that one, mount it behind everything that may refuse the request
 * without its body.
 */
public final class RawBodyHandler implements Handler<RoutingContext> {
  private static final String KEY = RawBodyHandler.class.getName();

  private final int bytesMax;

  /**
   * @param bytesMax maximum size of the body in bytes
   */
  public RawBodyHandler(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** The body of a request that has passed this handler; empty if it has none. */
  public static byte[] body(RoutingContext context) {
    Buffer body = context.get(KEY);
    return body == null ? new byte[0] : body.getBytes();
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!RequestBodyHandler.hasBody(request)) {
      context.next();
      return;
    }
    if (isTooLong(request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
      RequestBodyHandler.skip(context);
      context.fail(413);
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      // A failed write is the end of the connection, of which the request tells by itself.
      context.response().writeContinue().onFailure(_ -> {});
    }
    Buffer body = Buffer.buffer();
    request.exceptionHandler(failure -> context.fail(400, failure));
    request.handler(
        chunk -> {
          if (context.failed()) {
            return;
          }
          if (body.length() + chunk.length() > bytesMax) {
            context.fail(413);
          } else {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        _ -> {
          if (!context.failed()) {
            context.put(KEY, body);
            context.next();
          }
        });
    request.resume();
  }

  private boolean isTooLong(@Nullable String length) {
    try {
      return length != null && Long.parseLong(length) > bytesMax;
    } catch (NumberFormatException _) {
      return true;
    }
  }
}
