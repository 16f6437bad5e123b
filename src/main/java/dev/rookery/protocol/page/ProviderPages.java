package dev.rookery.protocol.page;

import dev.rookery.auth.ProviderCommand;
import dev.rookery.auth.ProviderOutcome;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.player.Provider;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import org.jspecify.annotations.Nullable;

/**
 * The way to a provider and back: to sign in, or for one who is signed in to link. It is gone by a
 * press on a page of ours alone, and ends at the browser that it began at.
 */
final class ProviderPages {
  private static final String BACK = "/users/settings/provider";

  private final Bus bus;

  ProviderPages(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router, PageRouter door) {
    for (Provider provider : Provider.values()) {
      door.getFromOwnPage(
          router, "/auth/" + ProviderView.id(provider), visit -> begin(visit, provider));
    }
    door.get(router, BACK, this::finish);
  }

  private Future<PageResponse> begin(PageRequest visit, Provider provider) {
    return bus.ask(
            new ProviderCommand.StartFlowOnPage(
                provider, player(visit), visit.browser(), BACK, visit.client()))
        .map(begun -> new PageResponse.Redirect(begun.authorizationUrl()));
  }

  private Future<PageResponse> finish(PageRequest visit) {
    return bus.ask(
            new ProviderCommand.FinishFlow(
                visit.queryParameter("flow"), visit.browser(), player(visit), visit.client()))
        .map(ProviderPages::arrived);
  }

  private static PageResponse arrived(ProviderOutcome arrival) {
    return switch (arrival) {
      case ProviderOutcome.SignedIn(var signedIn) ->
          new PageResponse.SignIn(signedIn, false, SettingsPages.SETTINGS);
      case ProviderOutcome.Linked _ ->
          new PageResponse.Redirect(SettingsPages.SETTINGS + "?done=linked");
    };
  }

  private static @Nullable PlayerId player(PageRequest visit) {
    Session session = visit.session();
    return session == null ? null : session.player();
  }
}
