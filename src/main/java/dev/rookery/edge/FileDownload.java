package dev.rookery.edge;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongFunction;

/** Sends a file as a download, without reading it into memory. */
public final class FileDownload {
  private FileDownload() {}

  /**
   * Sends a file of this node.
   *
   * @param file its name has neither quotes nor control characters
   */
  public static void send(RoutingContext context, Path file) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      return;
    }
    putHeaders(response, file.getFileName().toString())
        .sendFile(file.toString())
        .onFailure(failure -> breakOff(context, failure));
  }

  /**
   * Sends a file that is read in parts; the next one is read when the client has taken the last.
   *
   * @param name has neither quotes nor control characters
   * @param bytes how long the file is
   * @param parts reads what follows this many bytes; never nothing
   */
  public static void send(
      RoutingContext context, String name, long bytes, LongFunction<Future<Buffer>> parts) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      return;
    }
    putHeaders(response, name).putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(bytes));
    sendAfter(context, 0, bytes, parts);
  }

  private static void sendAfter(
      RoutingContext context, long sent, long bytes, LongFunction<Future<Buffer>> parts) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      return;
    }
    if (sent == bytes) {
      response.end();
      return;
    }
    parts
        .apply(sent)
        .compose(
            part -> {
              long after = sent + part.length();
              return part.length() == 0 || after > bytes
                  ? Future.failedFuture(new IOException("the file has changed meanwhile"))
                  : response.write(part).map(after);
            })
        .onComplete(
            after -> sendAfter(context, after, bytes, parts),
            failure -> breakOff(context, failure));
  }

  private static HttpServerResponse putHeaders(HttpServerResponse response, String name) {
    return response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"");
  }

  private static void breakOff(RoutingContext context, Throwable failure) {
    if (context.response().headWritten()) {
      // A download that breaks off must not look complete.
      context.request().connection().close();
    } else {
      context.fail(failure);
    }
  }
}
