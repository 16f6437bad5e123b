package dev.rookery.protocol.kamon;

import dev.rookery.edge.Protocol;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The files of one folder, for whoever asks. What begins with a dot is not shown, folders are not
 * listed, nothing outside is reached. Files may change while the node runs, so browsers ask each
 * time whether theirs is still the one, and are told so without its content.
 */
public final class StaticFiles implements Protocol {
  private static final String PREFIX = "/static/";
  private static final String ALL = PREFIX + "*";
  private static final String HOME = "/";
  private static final long NOTICED_WITHIN_MS = 1_000;

  private final Path folder;

  public StaticFiles(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  @Override
  public void mount(Router router) {
    // Its own notion of hidden files would also look at the folders above ours.
    var files =
        StaticHandler.create(FileSystemAccess.ROOT, folder.toString())
            .setIncludeHidden(true)
            .setDirectoryListing(false)
            .setDefaultContentEncoding("UTF-8")
            .setFilesReadOnly(false)
            .setCacheEntryTimeout(NOTICED_WITHIN_MS)
            .setAlwaysAsyncFS(true);
    router.get(ALL).setName(ALL).handler(context -> file(context, files));
    router.get(HOME).setName(HOME).handler(context -> home(context, files));
  }

  @Override
  public boolean isExempt(String path) {
    return path.startsWith(PREFIX);
  }

  private static void file(RoutingContext context, StaticHandler files) {
    if (context.normalizedPath().contains("/.")) {
      context.next();
    } else {
      keepFresh(context);
      files.handle(context);
    }
  }

  /** The page of the folder, if it has one, to those who want a page. */
  private static void home(RoutingContext context, StaticHandler files) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html")) {
      keepFresh(context);
      files.handle(context);
    } else {
      context.next();
    }
  }

  private static void keepFresh(RoutingContext context) {
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
