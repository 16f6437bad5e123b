package dev.rookery.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;

/** Sends a file of this node as a download, without reading it into memory. */
public final class FileDownload {
  private FileDownload() {}

  /**
   * Sends the file.
   *
   * @param file its name has neither quotes nor control characters
   */
  public static void send(RoutingContext context, Path file) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      return;
    }
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader(
            HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + file.getFileName() + "\"")
        .sendFile(file.toString())
        .onFailure(
            failure -> {
              if (response.headWritten()) {
                // A download that breaks off must not look complete.
                context.request().connection().close();
              } else {
                context.fail(failure);
              }
            });
  }
}
