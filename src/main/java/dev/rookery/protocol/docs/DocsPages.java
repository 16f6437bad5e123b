package dev.rookery.protocol.docs;

import dev.rookery.edge.Protocol;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Serves the documentation: {@code /docs}, {@code /docs/<page>}, the Markdown of a page at {@code
 * /docs/<page>.md}, and what the pages need below {@code /docs/assets/}.
 *
 * <p>All pages are rendered together at the first request, on a worker thread, and kept: they are
 * some hundred kilobytes and cannot change while the node runs.
 */
public final class DocsPages implements Protocol {
  private static final String HOME = "/docs";
  private static final String BELOW = HOME + "/*";

  private final DocsSettings settings;
  private volatile @Nullable Site site;

  public DocsPages(DocsSettings settings) {
    this.settings = settings;
  }

  @Override
  public void mount(Router router) {
    router.get(HOME).setName(HOME).handler(this::serve);
    router.get(BELOW).setName(BELOW).handler(this::serve);
  }

  @Override
  public boolean isExempt(String path) {
    return path.equals(HOME) || path.startsWith(HOME + "/");
  }

  private void serve(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = withoutTrailingSlash(context.normalizedPath());
    Site rendered = site;
    if (rendered != null) {
      rendered.at(path).send(request);
      return;
    }
    context
        .vertx()
        .executeBlocking(this::render, false)
        .onComplete(made -> made.at(path).send(request), context::fail);
  }

  private static String withoutTrailingSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Renders once, however many ask at the same time. */
  private synchronized Site render() {
    Site rendered = site;
    if (rendered == null) {
      rendered = Site.render(settings);
      site = rendered;
    }
    return rendered;
  }
}
