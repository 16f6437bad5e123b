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

  void into(Router router, PageRouter door) {
    door.mine(router, SETTINGS, visit -> settings(visit, FormErrors.NOTHING));
    door.myForm(router, SETTINGS + "/profile", this::rename);
    door.myForm(router, SETTINGS + "/email", this::changeEmail);
    door.myForm(router, "/users/update-password", this::changePassword);
    door.myForm(router, SETTINGS + "/device", this::unlinkDevice);
    door.myForm(router, SETTINGS + "/provider", this::unlinkProvider);
    door.myForm(router, SETTINGS + "/sessions", this::endSessions);
  }

  private Future<PageResponse> settings(PageRequest visit, FormErrors wrong) {
    var player = bus.ask(new PlayerCommand.Find(visit.me()));
    var sessions =
        bus.ask(new AuthCommand.ListSessions(visit.me(), new Page.Request(1, SESSIONS_SHOWN_MAX)));
    var configured = bus.ask(new ProviderCommand.ListConfigured());
    return Future.all(player, sessions, configured)
        .map(
            _ ->
                Forms.show(
                    "settings",
                    Map.of(
                        "title", "Settings",
                        "player", SettingsView.of(player.result()),
                        "providers", ProviderView.of(player.result(), configured.result()),
                        "sessions",
                            SettingsView.sessions(
                                sessions.result().items(), visit.mySession().id()),
                        "newEmail", visit.user("email"),
                        "passwordMin", limits.passwordMin()),
                    wrong));
  }

  private Future<PageResponse> done(PageRequest visit, Command<?> command, String word) {
    return Forms.done(
        bus.ask(command).map(_ -> new PageResponse.Redirect(SETTINGS + "?done=" + word)),
        wrong -> settings(visit, wrong));
  }

  private Future<PageResponse> rename(PageRequest visit) {
    return done(visit, new PlayerCommand.Rename(visit.me(), visit.user("display_name")), "name");
  }

  private Future<PageResponse> changeEmail(PageRequest visit) {
    var ask =
        new EmailCommand.RequestEmailChange(
            visit.me(),
            visit.mySession().id(),
            visit.user("email"),
            visit.userOrNull("current_password"),
            visit.client());
    return Forms.done(
        bus.ask(ask).map(_ -> new PageResponse.Redirect(SETTINGS + "?done=email-sent")),
        wrong -> settings(visit, wrong.renamed("current_password", "email_current_password")));
  }

  private Future<PageResponse> changePassword(PageRequest visit) {
    var change =
        new AuthCommand.ChangePassword(
            visit.me(),
            visit.mySession().id(),
            visit.userOrNull("current_password"),
            visit.user("password"),
            visit.user("password_confirmation"));
    return done(visit, change, "password");
  }

  private Future<PageResponse> unlinkDevice(PageRequest visit) {
    return done(visit, new PlayerCommand.UnlinkDevice(visit.me()), "device");
  }

  private Future<PageResponse> unlinkProvider(PageRequest visit) {
    return Arrays.stream(Provider.values())
        .filter(provider -> ProviderView.id(provider).equals(visit.field("provider")))
        .findFirst()
        .map(
            provider ->
                done(visit, new PlayerCommand.UnlinkProvider(visit.me(), provider), "provider"))
        .orElseGet(() -> Future.failedFuture(Refused.missing("not_found")));
  }

  private Future<PageResponse> endSessions(PageRequest visit) {
    String which = visit.field("session");
    if (which.equals("others")) {
      var all = new AuthCommand.SignOutAll(visit.me(), visit.mySession().id());
      return done(visit, all, "sessions");
    }
    try {
      long number = Long.parseLong(which);
      return done(visit, new AuthCommand.EndSession(number, visit.me()), "session");
    } catch (NumberFormatException _) {
      return Future.failedFuture(Refused.missing("not_found"));
    }
  }
}
