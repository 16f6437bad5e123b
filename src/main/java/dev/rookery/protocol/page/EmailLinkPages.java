package dev.rookery.protocol.page;

import dev.rookery.auth.EmailCommand;
import dev.rookery.base.Limits;
import dev.rookery.bus.Bus;
import dev.rookery.protocol.page.Forms.FormErrors;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Map;

/**
 * Where links in letters lead. A link alone does nothing: programs that look into mails follow
 * links, so what it is for happens when a person presses the button.
 */
final class EmailLinkPages {
  private static final String SETTINGS = "/users/settings";
  private static final String RESET = "/users/reset-password";
  private static final String CHANGE = "/users/settings/confirm-email";

  private final Bus bus;
  private final Limits limits;

  EmailLinkPages(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void into(Router router, PageRouter door) {
    door.open(
        router,
        "/users/confirm/:token",
        visit ->
            press(
                visit,
                "Confirm your address",
                "One press, and your account is there.",
                "/users/log-in",
                "Confirm and sign in"));
    door.open(
        router,
        "/users/log-in/:token",
        visit ->
            press(
                visit,
                "Sign in",
                "You are signed in on this device by pressing the button.",
                "/users/log-in",
                "Sign in"));
    door.open(
        router,
        CHANGE + "/:token",
        visit ->
            press(
                visit,
                "Confirm your new address",
                "Your account gets this address by pressing the button.",
                CHANGE,
                "Take the new address"));
    door.form(router, CHANGE, this::change);
    door.open(router, RESET, visit -> askPage(visit, FormErrors.NOTHING));
    door.open(
        router,
        RESET + "/:token",
        visit -> resetPage(visit.context().pathParam("token"), FormErrors.NOTHING));
    door.form(router, RESET, visit -> visit.hasUser("token") ? reset(visit) : ask(visit));
  }

  private static Future<PageResponse> press(
      PageRequest visit, String title, String lead, String action, String button) {
    return Future.succeededFuture(
        PageResponse.Render.page(
            "token",
            Map.of(
                "title", title,
                "lead", lead,
                "action", action,
                "button", button,
                "token", visit.context().pathParam("token"))));
  }

  private Future<PageResponse> change(PageRequest visit) {
    String next = visit.session() == null ? "/users/log-in" : SETTINGS;
    return bus.ask(new EmailCommand.ConfirmEmailChange(visit.user("token")))
        .map(_ -> new PageResponse.Redirect(next + "?done=email"));
  }

  private static Future<PageResponse> askPage(PageRequest visit, FormErrors wrong) {
    Map<String, Object> model = Map.of("title", "Set a new password", "email", visit.user("email"));
    return Future.succeededFuture(Forms.show("reset-ask", model, wrong));
  }

  private Future<PageResponse> ask(PageRequest visit) {
    return Forms.done(
        bus.ask(new EmailCommand.RequestPasswordReset(visit.user("email"), visit.client()))
            .map(_ -> new PageResponse.Redirect(RESET + "?done=link")),
        wrong -> askPage(visit, wrong));
  }

  private Future<PageResponse> resetPage(String token, FormErrors wrong) {
    Map<String, Object> model =
        Map.of("title", "Set a new password", "token", token, "passwordMin", limits.passwordMin());
    return Future.succeededFuture(Forms.show("reset", model, wrong));
  }

  private Future<PageResponse> reset(PageRequest visit) {
    return Forms.done(
        bus.ask(
                new EmailCommand.ResetPassword(
                    visit.user("token"),
                    visit.user("password"),
                    visit.user("password_confirmation"),
                    visit.client()))
            .map(signedIn -> new PageResponse.SignIn(signedIn, false, SETTINGS + "?done=password")),
        wrong -> resetPage(visit.user("token"), wrong));
  }
}
