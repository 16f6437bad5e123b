package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.edge.CsrfTokens;
import dev.rookery.protocol.console.ConsoleRouter.Page;
import dev.rookery.protocol.console.ConsoleRouter.Registered;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/**
 * Answers requests that were admitted with their pages. A part of a shared page is rendered once
 * for all who ask for the same version of it. What a page refuses is shown in words.
 */
final class PageServer {
  private final ViewPages views;
  private final OpenBroadcasts broadcasts;
  private final ConsoleRenderer renderer;
  private final String placeholder;
  private final SharedParts parts = new SharedParts();

  PageServer(
      ViewPages views,
      OpenBroadcasts broadcasts,
      ConsoleSettings settings,
      ConsoleRenderer renderer) {
    this.views = views;
    this.broadcasts = broadcasts;
    this.renderer = renderer;
    // Nobody can guess it, so no text that is shown has it.
    this.placeholder =
        new CsrfTokens("shared parts of the console", settings.secret()).create("", "");
  }

  void serve(ConsoleRequest request, Registered route) {
    SharedParts.Key key = route.shared() ? SharedParts.key(request) : null;
    Future<Void> answered =
        key == null
            ? view(request, route.page()).compose(view -> renderer.respond(request, view))
            : share(request, key, route.page());
    answered
        .recover(failure -> renderer.explain(request, failure))
        .onFailure(failure -> fail(request.context(), failure));
  }

  private Future<ConsoleView> view(ConsoleRequest request, Page page) {
    Future<ConsoleView> view;
    try {
      view = page.handle(request);
    } catch (Refused refused) {
      view = Future.failedFuture(refused);
    }
    return view.compose(answer -> views.addTo(request, answer))
        .compose(answer -> broadcasts.addTo(request, answer));
  }

  /** Renders the part for all who ask for it, and puts in the token of this browser. */
  private Future<Void> share(ConsoleRequest request, SharedParts.Key key, Page page) {
    ConsoleRequest forAll = request.withCsrfToken(placeholder);
    return parts
        .find(
            key,
            request.context().vertx().getOrCreateContext(),
            () -> view(forAll, page).compose(view -> renderer.part(forAll, view, key.part())))
        .compose(
            part ->
                renderer.respond(
                    request, part.status(), part.text().replace(placeholder, request.csrfToken())));
  }

  private static void fail(RoutingContext context, Throwable failure) {
    if (context.response().headWritten()) {
      // A download that breaks off must not look complete.
      context.request().connection().close();
    } else {
      context.fail(failure);
    }
  }
}
