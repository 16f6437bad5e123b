package dev.rookery.protocol.page;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.EmailCommand;
import dev.rookery.auth.ProviderCommand;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.Provider;
import dev.rookery.protocol.page.Forms.FormErrors;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Arrays;
import java.util.Map;

/** What a player sees and changes of himself. */
final class SettingsPages {
  static final String SETTINGS = "/users/settings";
  private static final int SESSIONS_SHOWN_MAX = 100;

  private final Bus bus;
  private final Limits limits;

  SettingsPages(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void mount(Router router, PageRouter door) {
    door.getSignedIn(router, SETTINGS, visit -> render(visit, FormErrors.NONE));
    door.postSignedIn(router, SETTINGS + "/profile", this::rename);
    door.postSignedIn(router, SETTINGS + "/email", this::changeEmail);
    door.postSignedIn(router, "/users/update-password", this::changePassword);
    door.postSignedIn(router, SETTINGS + "/device", this::unlinkDevice);
    door.postSignedIn(router, SETTINGS + "/provider", this::unlinkProvider);
    door.postSignedIn(router, SETTINGS + "/sessions", this::endSessions);
  }

  private Future<PageResponse> render(PageRequest visit, FormErrors wrong) {
    var player = bus.ask(new PlayerCommand.Find(visit.player()));
    var sessions =
        bus.ask(
            new AuthCommand.ListSessions(visit.player(), new Page.Request(1, SESSIONS_SHOWN_MAX)));
    var configured = bus.ask(new ProviderCommand.ListConfigured());
    return Future.all(player, sessions, configured)
        .map(
            _ ->
                Forms.render(
                    "settings",
                    Map.of(
                        "title", "Settings",
                        "player", SettingsView.of(player.result()),
                        "providers", ProviderView.of(player.result(), configured.result()),
                        "sessions",
                            SettingsView.sessions(
                                sessions.result().items(), visit.requireSession().id()),
                        "newEmail", visit.userField("email"),
                        "passwordMin", limits.passwordMin()),
                    wrong));
  }

  private Future<PageResponse> submit(PageRequest visit, Command<?> command, String word) {
    return Forms.submit(
        bus.ask(command).map(_ -> new PageResponse.Redirect(SETTINGS + "?done=" + word)),
        wrong -> render(visit, wrong));
  }

  private Future<PageResponse> rename(PageRequest visit) {
    return submit(
        visit, new PlayerCommand.Rename(visit.player(), visit.userField("display_name")), "name");
  }

  private Future<PageResponse> changeEmail(PageRequest visit) {
    var ask =
        new EmailCommand.RequestEmailChange(
            visit.player(),
            visit.requireSession().id(),
            visit.userField("email"),
            visit.userFieldOrNull("current_password"),
            visit.client());
    return Forms.submit(
        bus.ask(ask).map(_ -> new PageResponse.Redirect(SETTINGS + "?done=email-sent")),
        wrong -> render(visit, wrong.renameField("current_password", "email_current_password")));
  }

  private Future<PageResponse> changePassword(PageRequest visit) {
    var change =
        new AuthCommand.ChangePassword(
            visit.player(),
            visit.requireSession().id(),
            visit.userFieldOrNull("current_password"),
            visit.userField("password"),
            visit.userField("password_confirmation"));
    return submit(visit, change, "password");
  }

  private Future<PageResponse> unlinkDevice(PageRequest visit) {
    return submit(visit, new PlayerCommand.UnlinkDevice(visit.player()), "device");
  }

  private Future<PageResponse> unlinkProvider(PageRequest visit) {
    return Arrays.stream(Provider.values())
        .filter(provider -> ProviderView.id(provider).equals(visit.field("provider")))
        .findFirst()
        .map(
            provider ->
                submit(
                    visit, new PlayerCommand.UnlinkProvider(visit.player(), provider), "provider"))
        .orElseGet(() -> Future.failedFuture(Refused.missing("not_found")));
  }

  private Future<PageResponse> endSessions(PageRequest visit) {
    String which = visit.field("session");
    if (which.equals("others")) {
      var all = new AuthCommand.SignOutAll(visit.player(), visit.requireSession().id());
      return submit(visit, all, "sessions");
    }
    try {
      long number = Long.parseLong(which);
      return submit(visit, new AuthCommand.EndSession(number, visit.player()), "session");
    } catch (NumberFormatException _) {
      return Future.failedFuture(Refused.missing("not_found"));
    }
  }
}
