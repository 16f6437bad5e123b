package dev.rookery.protocol.page;

import dev.rookery.base.Refused;
import dev.rookery.edge.RequestInfo;
import dev.rookery.protocol.page.PageRequest.Viewer;
import dev.rookery.protocol.page.PageRouter.PageHandler;
import dev.rookery.translation.Catalogue;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Pages as somebody sees them who is not signed in, in the language and the colours that the
 * address names. The console shows them in frames, so that an admin sees what a theme looks like.
 */
final class PagePreviews {
  private static final String LIGHT = "light";
  private static final String DARK = "dark";

  private final PageSettings settings;
  private final PageResponseWriter responses;

  PagePreviews(PageSettings settings, PageResponseWriter responses) {
    this.settings = settings;
    this.responses = responses;
  }

  void mount(Router router, String path, PageHandler page) {
    router.get(path).setName(path).handler(context -> serve(context, path, page));
  }

  private void serve(RoutingContext context, String path, PageHandler page) {
    RequestInfo.of(context).route(path);
    HttpServerRequest http = context.request();
    Catalogue texts = settings.translations().of(http.getParam("language", ""));
    var request =
        new PageRequest(
            context,
            new Cookies(http, settings.https()),
            null,
            "",
            "",
            texts,
            "/" + texts.language().tag(),
            Viewer.ANONYMOUS);
    String scheme = http.getParam("scheme", "").equals(DARK) ? DARK : LIGHT;
    Future.succeededFuture()
        .compose(_ -> page.handle(request))
        .compose(
            response ->
                response instanceof PageResponse.Render render
                    ? responses.preview(request, render, scheme)
                    : Future.failedFuture(Refused.missing("not_found")))
        .onFailure(context::fail);
  }
}
