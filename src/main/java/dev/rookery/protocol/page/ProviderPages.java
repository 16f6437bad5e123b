package dev.rookery.protocol.page;

import dev.rookery.auth.ProviderCommand;
import dev.rookery.auth.ProviderOutcome;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.player.Provider;
import dev.rookery.session.Session;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sign-in with identity providers on the pages; for a player who is signed in, linking. A flow is
 * started only from a page of this server, and finished only in the browser that started it.
 */
final class ProviderPages {
  private static final String RETURN_TO = "/users/settings/provider";

  private final Bus bus;

  ProviderPages(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router, PageRouter pages) {
    for (Provider provider : Provider.values()) {
      pages.getFromOwnPage(
          router, "/auth/" + ProviderView.id(provider), request -> start(request, provider));
    }
    pages.get(router, RETURN_TO, this::finish);
  }

  private Future<PageResponse> start(PageRequest request, Provider provider) {
    return bus.ask(
            new ProviderCommand.StartFlowOnPage(
                provider, player(request), request.browser(), RETURN_TO, request.client()))
        .map(flow -> new PageResponse.Redirect(flow.authorizationUrl()));
  }

  private Future<PageResponse> finish(PageRequest request) {
    return bus.ask(
            new ProviderCommand.FinishFlow(
                request.queryParameter("flow"),
                request.browser(),
                player(request),
                request.client()))
        .map(ProviderPages::response)
        .recover(ProviderPages::conflictPage);
  }

  /** Says what to do about an account that belongs to another player. */
  private static Future<PageResponse> conflictPage(Throwable failure) {
    return failure instanceof Refused refused
            && refused.refusal() instanceof Refusal.Conflict(var code)
            && code.equals("provider_already_linked")
        ? Future.succeededFuture(
            new PageResponse.Render(
                422,
                "provider-conflict",
                Map.of("title", Message.of("This account is already linked"))))
        : Future.failedFuture(failure);
  }

  private static PageResponse response(ProviderOutcome outcome) {
    return switch (outcome) {
      case ProviderOutcome.SignedIn(var tokens) ->
          new PageResponse.SignIn(tokens, false, SettingsPages.SETTINGS);
      case ProviderOutcome.Linked _ ->
          new PageResponse.Redirect(SettingsPages.SETTINGS + "?done=linked");
    };
  }

  private static @Nullable PlayerId player(PageRequest request) {
    Session session = request.session();
    return session == null ? null : session.player();
  }
}
