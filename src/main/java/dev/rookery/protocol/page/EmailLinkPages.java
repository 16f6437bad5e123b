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

  void mount(Router router, PageRouter door) {
    door.get(
        router,
        "/users/confirm/:token",
        visit ->
            confirmationPage(
                visit,
                "Confirm your address",
                "One press, and your account is there.",
                "/users/log-in",
                "Confirm and sign in"));
    door.get(
        router,
        "/users/log-in/:token",
        visit ->
            confirmationPage(
                visit,
                "Sign in",
                "You are signed in on this device by pressing the button.",
                "/users/log-in",
                "Sign in"));
    door.get(
        router,
        CHANGE + "/:token",
        visit ->
            confirmationPage(
                visit,
                "Confirm your new address",
                "Your account gets this address by pressing the button.",
                CHANGE,
                "Take the new address"));
    door.post(router, CHANGE, this::confirmEmailChange);
    door.get(router, RESET, visit -> requestPage(visit, FormErrors.NONE));
    door.get(
        router,
        RESET + "/:token",
        visit -> resetPage(visit.context().pathParam("token"), FormErrors.NONE));
    door.post(
        router, RESET, visit -> visit.hasUserField("token") ? reset(visit) : requestReset(visit));
  }

  private static Future<PageResponse> confirmationPage(
      PageRequest visit, String title, String lead, String action, String button) {
    return Future.succeededFuture(
        PageResponse.Render.ok(
            "token",
            Map.of(
                "title", title,
                "lead", lead,
                "action", action,
                "button", button,
                "token", visit.context().pathParam("token"))));
  }

  private Future<PageResponse> confirmEmailChange(PageRequest visit) {
    String next = visit.session() == null ? "/users/log-in" : SETTINGS;
    return bus.ask(new EmailCommand.ConfirmEmailChange(visit.userField("token")))
        .map(_ -> new PageResponse.Redirect(next + "?done=email"));
  }

  private static Future<PageResponse> requestPage(PageRequest visit, FormErrors wrong) {
    Map<String, Object> model =
        Map.of("title", "Set a new password", "email", visit.userField("email"));
    return Future.succeededFuture(Forms.render("reset-ask", model, wrong));
  }

  private Future<PageResponse> requestReset(PageRequest visit) {
    return Forms.submit(
        bus.ask(new EmailCommand.RequestPasswordReset(visit.userField("email"), visit.client()))
            .map(_ -> new PageResponse.Redirect(RESET + "?done=link")),
        wrong -> requestPage(visit, wrong));
  }

  private Future<PageResponse> resetPage(String token, FormErrors wrong) {
    Map<String, Object> model =
        Map.of("title", "Set a new password", "token", token, "passwordMin", limits.passwordMin());
    return Future.succeededFuture(Forms.render("reset", model, wrong));
  }

  private Future<PageResponse> reset(PageRequest visit) {
    return Forms.submit(
        bus.ask(
                new EmailCommand.ResetPassword(
                    visit.userField("token"),
                    visit.userField("password"),
                    visit.userField("password_confirmation"),
                    visit.client()))
            .map(signedIn -> new PageResponse.SignIn(signedIn, false, SETTINGS + "?done=password")),
        wrong -> resetPage(visit.userField("token"), wrong));
  }
}
