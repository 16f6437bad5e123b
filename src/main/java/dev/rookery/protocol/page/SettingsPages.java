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
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Arrays;
import java.util.Map;

/** Serves the account settings: profile, email, password, sign-in methods and sessions. */
final class SettingsPages {
  static final String SETTINGS = "/users/settings";
  private static final int SESSIONS_SHOWN_MAX = 100;

  private final Bus bus;
  private final Limits limits;

  SettingsPages(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void mount(Router router, PageRouter pages) {
    pages.getSignedIn(router, SETTINGS, request -> render(request, FormErrors.NONE));
    pages.postSignedIn(router, SETTINGS + "/profile", this::rename);
    pages.postSignedIn(router, SETTINGS + "/email", this::changeEmail);
    pages.postSignedIn(router, "/users/update-password", this::changePassword);
    pages.postSignedIn(router, SETTINGS + "/device", this::unlinkDevice);
    pages.postSignedIn(router, SETTINGS + "/provider", this::unlinkProvider);
    pages.postSignedIn(router, SETTINGS + "/sessions", this::endSessions);
    pages.postSignedIn(router, SETTINGS + "/language", this::chooseLanguage);
    pages.postSignedIn(router, SETTINGS + "/time-zone", this::chooseTimeZone);
  }

  private Future<PageResponse> render(PageRequest request, FormErrors errors) {
    var player = bus.ask(new PlayerCommand.Find(request.player()));
    var sessions =
        bus.ask(
            new AuthCommand.ListSessions(
                request.player(), new Page.Request(1, SESSIONS_SHOWN_MAX)));
    var configured = bus.ask(new ProviderCommand.ListConfigured());
    var language = bus.ask(new PlayerCommand.FindLanguage(request.player()));
    return Future.all(player, sessions, configured, language)
        .map(
            _ ->
                Forms.render(
                    "settings",
                    Map.of(
                        "title", Message.of("Account settings"),
                        "chosenLanguage", language.result(),
                        "player", SettingsView.of(player.result()),
                        "timeZone", TimeZones.name(request.viewer().timeZone()),
                        "timeZones", TimeZones.options(),
                        "providers", ProviderView.of(player.result(), configured.result()),
                        "sessions",
                            SettingsView.sessions(
                                sessions.result().items(), request.requireSession().id()),
                        "newEmail", request.userField("email"),
                        "passwordMin", limits.passwordMin()),
                    errors));
  }

  private Future<PageResponse> submit(PageRequest request, Command<?> command, String success) {
    return Forms.submit(
        bus.ask(command).map(_ -> new PageResponse.Redirect(SETTINGS + "?done=" + success)),
        errors -> render(request, errors));
  }

  private Future<PageResponse> rename(PageRequest request) {
    return submit(
        request,
        new PlayerCommand.Rename(request.player(), request.userField("display_name")),
        "name");
  }

  private Future<PageResponse> chooseLanguage(PageRequest request) {
    return submit(
        request,
        new PlayerCommand.ChooseLanguage(request.player(), request.userField("language")),
        "language");
  }

  private Future<PageResponse> changeEmail(PageRequest request) {
    var requestChange =
        new EmailCommand.RequestEmailChange(
            request.player(),
            request.requireSession().id(),
            request.userField("email"),
            request.userFieldOrNull("current_password"),
            request.client());
    return Forms.submit(
        bus.ask(requestChange).map(_ -> new PageResponse.Redirect(SETTINGS + "?done=email-sent")),
        errors ->
            render(request, errors.renameField("current_password", "email_current_password")));
  }

  private Future<PageResponse> changePassword(PageRequest request) {
    var change =
        new AuthCommand.ChangePassword(
            request.player(),
            request.requireSession().id(),
            request.userFieldOrNull("current_password"),
            request.userField("password"),
            request.userField("password_confirmation"));
    return submit(request, change, "password");
  }

  private Future<PageResponse> chooseTimeZone(PageRequest request) {
    return submit(
        request,
        new PlayerCommand.ChooseTimeZone(request.player(), request.field("time_zone")),
        "time-zone");
  }

  private Future<PageResponse> unlinkDevice(PageRequest request) {
    return submit(request, new PlayerCommand.UnlinkDevice(request.player()), "device");
  }

  private Future<PageResponse> unlinkProvider(PageRequest request) {
    return Arrays.stream(Provider.values())
        .filter(provider -> ProviderView.id(provider).equals(request.field("provider")))
        .findFirst()
        .map(
            provider ->
                submit(
                    request,
                    new PlayerCommand.UnlinkProvider(request.player(), provider),
                    "provider"))
        .orElseGet(() -> Future.failedFuture(Refused.missing("not_found")));
  }

  private Future<PageResponse> endSessions(PageRequest request) {
    String session = request.field("session");
    if (session.equals("others")) {
      var all = new AuthCommand.SignOutAll(request.player(), request.requireSession().id());
      return submit(request, all, "sessions");
    }
    try {
      long number = Long.parseLong(session);
      return submit(request, new AuthCommand.EndSession(number, request.player()), "session");
    } catch (NumberFormatException _) {
      return Future.failedFuture(Refused.missing("not_found"));
    }
  }
}
