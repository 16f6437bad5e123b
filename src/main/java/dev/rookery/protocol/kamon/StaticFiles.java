package dev.rookery.protocol.kamon;

import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestInfo;
import dev.rookery.protocol.kamon.StaticFolder.Found;
import dev.rookery.protocol.kamon.StaticFolder.OpenFile;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
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
  private static final StaticContent JSON = new StaticContent("application/json", null);

  private final StaticFolder folder;
  private final boolean isolated;

  /**
   * @param excluded files and folders that are never served, wherever links lead: the server's data
   * @param isolated whether pages of the folder are isolated from other origins, which browsers
   *     require for threads in WebAssembly
   */
  public StaticFiles(Path folder, List<Path> excluded, boolean isolated) {
    this.folder = new StaticFolder(folder, excluded);
    this.isolated = isolated;
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
    serve(context, () -> Opened.of(folder.open(path)));
  }

  /** Serves them as JSON, which both systems require, and one of the names does not tell. */
  private void serveAppLinks(RoutingContext context) {
    String path = context.normalizedPath();
    if (APP_LINKS.contains(path)) {
      String name = path.substring(WELL_KNOWN_PREFIX.length());
      serve(context, () -> new Opened(folder.openAppLink(name), JSON));
    } else {
      context.next();
    }
  }

  /** Serves the folder's index page, if it has one, to clients that accept HTML. */
  private void serveIndex(RoutingContext context) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html")) {
      serve(context, () -> Opened.of(folder.open(HOME)));
    } else {
      context.next();
    }
  }

  private void serve(RoutingContext context, Callable<Opened> open) {
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
                respond(context, found.result());
              }
            });
  }

  private void respond(RoutingContext context, Opened opened) {
    switch (opened.found()) {
      case Found.Nothing _ -> context.next();
      // Links in the index page are relative to the folder, so its address ends with a slash.
      case Found.Folder _ ->
          context
              .response()
              .setStatusCode(301)
              .putHeader(HttpHeaders.LOCATION, context.normalizedPath() + "/")
              .end();
      case Found.File(OpenFile file) -> {
        Future<Void> sent;
        try {
          sent = send(context, file, opened.content());
        } catch (RuntimeException failure) {
          close(file);
          throw failure;
        }
        sent.onComplete(_ -> close(file))
            // The client is gone, or the file became shorter: the answer cannot be completed.
            .onFailure(
                _ -> {
                  RequestInfo.of(context).end();
                  context.request().connection().close();
                });
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

  private Future<Void> send(RoutingContext context, OpenFile file, StaticContent content) {
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
    if (isolated) {
      response
          .putHeader("cross-origin-opener-policy", "same-origin")
          .putHeader("cross-origin-embedder-policy", "require-corp")
          .putHeader("cross-origin-resource-policy", "cross-origin");
    }
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
    response.putHeader(HttpHeaders.CONTENT_TYPE, content.type());
    if (content.encoding() != null) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, content.encoding());
    }
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

  /** What a path leads to, and what that contains if it is a file. */
  private record Opened(Found found, StaticContent content) {
    static Opened of(Found found) throws IOException {
      if (!(found instanceof Found.File(OpenFile file))) {
        return new Opened(found, JSON);
      }
      try {
        return new Opened(found, StaticContent.of(file));
      } catch (IOException | RuntimeException failure) {
        close(file);
        throw failure;
      }
    }
  }
}
