package dev.rookery.protocol.kamon;

import dev.rookery.edge.Protocol;
import dev.rookery.protocol.kamon.StaticFolder.Found;
import dev.rookery.protocol.kamon.StaticFolder.OpenFile;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.MimeMapping;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files of one folder at {@code /static/}, its {@code index.html} at {@code /}, and the
 * files for links to apps in its {@code .well-known} at {@code /.well-known/}. Other names that
 * begin with a dot are not served, folders are not listed, and nothing outside the folder can be
 * reached, see {@link StaticFolder}. Files may change while the node runs, so browsers are told to
 * revalidate them on every request.
 */
public final class StaticFiles implements Protocol {
  private static final String MOUNT = "/static";
  private static final String PREFIX = MOUNT + "/";
  private static final String ALL = PREFIX + "*";
  private static final String WELL_KNOWN_PREFIX = "/.well-known/";
  private static final String WELL_KNOWN = WELL_KNOWN_PREFIX + "*";
  private static final String HOME = "/";

  /** What Android and iOS look for to open an app from links to this server. */
  private static final Set<String> APP_LINKS =
      Set.of("/.well-known/assetlinks.json", "/.well-known/apple-app-site-association");

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final int MS = 1_000;

  private final StaticFolder folder;

  /**
   * @param excluded files and folders that are never served, wherever links lead: the server's data
   */
  public StaticFiles(Path folder, List<Path> excluded) {
    this.folder = new StaticFolder(folder, excluded);
  }

  @Override
  public void mount(Router router) {
    router.get(ALL).setName(ALL).handler(this::serveFile);
    router.get(WELL_KNOWN).setName(WELL_KNOWN).handler(this::serveAppLinks);
    router.get(HOME).setName(HOME).handler(this::serveIndex);
  }

  @Override
  public boolean isExempt(String path) {
    return path.startsWith(PREFIX) || APP_LINKS.contains(path);
  }

  private void serveFile(RoutingContext context) {
    String path = context.normalizedPath().substring(MOUNT.length());
    serve(context, () -> folder.open(path), null);
  }

  /** Serves them as JSON, which both systems require, and one of the names does not tell. */
  private void serveAppLinks(RoutingContext context) {
    String path = context.normalizedPath();
    if (APP_LINKS.contains(path)) {
      String name = path.substring(WELL_KNOWN_PREFIX.length());
      serve(context, () -> folder.openAppLink(name), "application/json");
    } else {
      context.next();
    }
  }

  /** Serves the folder's index page, if it has one, to clients that accept HTML. */
  private void serveIndex(RoutingContext context) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html")) {
      serve(context, () -> folder.open(HOME), null);
    } else {
      context.next();
    }
  }

  private static void serve(
      RoutingContext context, Callable<Found> open, @Nullable String contentType) {
    HttpServerRequest request = context.request();
    request.pause();
    context
        .vertx()
        .executeBlocking(open, false)
        .onComplete(
            found -> {
              request.resume();
              if (found.failed()) {
                context.fail(found.cause());
              } else {
                respond(context, found.result(), contentType);
              }
            });
  }

  private static void respond(RoutingContext context, Found found, @Nullable String contentType) {
    switch (found) {
      case Found.Nothing _ -> context.next();
      // Links in the index page are relative to the folder, so its address ends with a slash.
      case Found.Folder _ ->
          context
              .response()
              .setStatusCode(301)
              .putHeader(HttpHeaders.LOCATION, context.normalizedPath() + "/")
              .end();
      case Found.File(OpenFile file) -> {
        String type = contentType == null ? contentType(file.name()) : contentType;
        Future<Void> sent;
        try {
          sent = send(context, file, type);
        } catch (RuntimeException failure) {
          close(file);
          throw failure;
        }
        sent.onComplete(_ -> close(file))
            // The client is gone, or the file became shorter: the answer cannot be completed.
            .onFailure(_ -> context.request().connection().close());
      }
    }
  }

  private static void close(OpenFile file) {
    try {
      file.close();
    } catch (IOException _) {
      // It was open for reading only.
    }
  }

  private static Future<Void> send(RoutingContext context, OpenFile file, String contentType) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    if (response.closed()) {
      return Future.succeededFuture();
    }
    String modified = HTTP_DATE.format(Instant.ofEpochMilli(file.modifiedMs()));
    response
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader(HttpHeaders.LAST_MODIFIED, modified)
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
    if (isUnchanged(request.getHeader(HttpHeaders.IF_MODIFIED_SINCE), file.modifiedMs())) {
      return response.setStatusCode(304).end();
    }
    String ifRange = request.getHeader("if-range");
    String wanted = request.getHeader("range");
    ByteRange range =
        wanted == null || (ifRange != null && !ifRange.equals(modified))
            ? ByteRange.all(file.size())
            : ByteRange.parse(wanted, file.size());
    if (range == null) {
      return response
          .setStatusCode(416)
          .putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + file.size())
          .end();
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    if (range.partial()) {
      response
          .setStatusCode(206)
          .putHeader(
              HttpHeaders.CONTENT_RANGE,
              "bytes " + range.from() + "-" + range.to() + "/" + file.size());
    }
    // Also of an answer to HEAD, which has no content.
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(range.length()));
    return response.sendFile(file.channel(), range.from(), range.length());
  }

  private static boolean isUnchanged(@Nullable String since, long modifiedMs) {
    if (since == null) {
      return false;
    }
    try {
      long sinceSeconds = Instant.from(HTTP_DATE.parse(since)).getEpochSecond();
      return Math.floorDiv(modifiedMs, MS) <= sinceSeconds;
    } catch (DateTimeException _) {
      return false;
    }
  }

  private static String contentType(String name) {
    String type = MimeMapping.mimeTypeForFilename(name.toLowerCase(Locale.ROOT));
    if (type == null) {
      return "application/octet-stream";
    }
    return type.startsWith("text/") ? type + ";charset=UTF-8" : type;
  }
}
