package dev.rookery.protocol.kamon;

import dev.rookery.edge.Protocol;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Serves the files of one folder at {@code /static/}, its {@code index.html} at {@code /}, and the
 * files for links to apps in its {@code .well-known} at {@code /.well-known/}. Other names that
 * begin with a dot are not served, folders are not listed, and nothing outside the folder can be
 * reached. Files may change while the node runs, so browsers are told to revalidate them on every
 * request.
 */
public final class StaticFiles implements Protocol {
  private static final String PREFIX = "/static/";
  private static final String ALL = PREFIX + "*";
  private static final String WELL_KNOWN = "/.well-known/*";
  private static final String HOME = "/";

  /** What Android and iOS look for to open an app from links to this server. */
  private static final Set<String> APP_LINKS =
      Set.of("/.well-known/assetlinks.json", "/.well-known/apple-app-site-association");

  private static final long CACHE_MS = 1_000;

  private final Path folder;

  public StaticFiles(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  @Override
  public void mount(Router router) {
    StaticHandler files = files(folder);
    StaticHandler appLinks = files(folder.resolve(".well-known"));
    router.get(ALL).setName(ALL).handler(context -> serveFile(context, files));
    router.get(WELL_KNOWN).setName(WELL_KNOWN).handler(context -> serveAppLinks(context, appLinks));
    router.get(HOME).setName(HOME).handler(context -> serveIndex(context, files));
  }

  @Override
  public boolean isExempt(String path) {
    return path.startsWith(PREFIX) || APP_LINKS.contains(path);
  }

  private static StaticHandler files(Path folder) {
    // The handler's own check for hidden files would also test the folders above this one.
    return StaticHandler.create(FileSystemAccess.ROOT, folder.toString())
        .setIncludeHidden(true)
        .setDirectoryListing(false)
        .setDefaultContentEncoding("UTF-8")
        .setFilesReadOnly(false)
        .setCacheEntryTimeout(CACHE_MS)
        .setAlwaysAsyncFS(true);
  }

  private static void serveFile(RoutingContext context, StaticHandler files) {
    if (context.normalizedPath().contains("/.")) {
      context.next();
    } else {
      requireRevalidation(context);
      files.handle(context);
    }
  }

  /** Serves them as JSON, which both systems require, and one of the names does not tell. */
  private static void serveAppLinks(RoutingContext context, StaticHandler files) {
    if (!APP_LINKS.contains(context.normalizedPath())) {
      context.next();
      return;
    }
    requireRevalidation(context);
    context.addHeadersEndHandler(
        _ -> {
          if (context.response().getStatusCode() == 200) {
            context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
          }
        });
    files.handle(context);
  }

  /** Serves the folder's index page, if it has one, to clients that accept HTML. */
  private static void serveIndex(RoutingContext context, StaticHandler files) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html")) {
      requireRevalidation(context);
      files.handle(context);
    } else {
      context.next();
    }
  }

  private static void requireRevalidation(RoutingContext context) {
    context.addHeadersEndHandler(
        _ -> {
          int status = context.response().getStatusCode();
          if (status < 400) {
            context
                .response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader("x-content-type-options", "nosniff");
          }
        });
  }
}
