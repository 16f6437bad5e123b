package dev.rookery.protocol.page;

import dev.rookery.auth.EmailCommand;
import dev.rookery.base.Limits;
import dev.rookery.bus.Bus;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Map;

/**
 * Serves the pages that links in emails lead to. Opening a link changes nothing until the person
 * presses the button, because mail scanners follow links too.
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

  void mount(Router router, PageRouter pages) {
    pages.get(
        router,
        "/users/confirm/:code",
        request ->
            confirmationPage(
                request,
                Message.of("Confirm your email address"),
                Message.of("Confirm your email address to create your account."),
                "/users/log-in",
                Message.of("Confirm and sign in")));
    pages.get(
        router,
        "/users/log-in/:code",
        request ->
            confirmationPage(
                request,
                Message.of("Sign in"),
                Message.of("Continue to sign in on this device."),
                "/users/log-in",
                Message.of("Sign in")));
    pages.get(
        router,
        CHANGE + "/:code",
        request ->
            confirmationPage(
                request,
                Message.of("Confirm your new email address"),
                Message.of("Confirm to use this email address for your account."),
                CHANGE,
                Message.of("Confirm email address")));
    pages.post(router, CHANGE, this::confirmEmailChange);
    pages.get(router, RESET, request -> requestPage(request, FormErrors.NONE));
    pages.get(
        router,
        RESET + "/:code",
        request -> resetPage(request.context().pathParam("code"), FormErrors.NONE));
    pages.post(
        router,
        RESET,
        request -> request.hasUserField("token") ? reset(request) : requestReset(request));
  }

  private static Future<PageResponse> confirmationPage(
      PageRequest request, Message title, Message lead, String action, Message button) {
    return Future.succeededFuture(
        PageResponse.Render.ok(
            "confirm",
            Map.of(
                "title", title,
                "lead", lead,
                "action", action,
                "button", button,
                "token", request.context().pathParam("code"))));
  }

  private Future<PageResponse> confirmEmailChange(PageRequest request) {
    String next = request.session() == null ? "/users/log-in" : SETTINGS;
    return bus.ask(new EmailCommand.ConfirmEmailChange(request.userField("token")))
        .map(_ -> new PageResponse.Redirect(next + "?done=email"));
  }

  private static Future<PageResponse> requestPage(PageRequest request, FormErrors errors) {
    Map<String, Object> model =
        Map.of("title", Message.of("Reset your password"), "email", request.userField("email"));
    return Future.succeededFuture(Forms.render("request-reset", model, errors));
  }

  private Future<PageResponse> requestReset(PageRequest request) {
    return Forms.submit(
        bus.ask(new EmailCommand.RequestPasswordReset(request.userField("email"), request.client()))
            .map(_ -> new PageResponse.Redirect(RESET + "?done=link")),
        errors -> requestPage(request, errors));
  }

  private Future<PageResponse> resetPage(String token, FormErrors errors) {
    Map<String, Object> model =
        Map.of(
            "title",
            Message.of("Set a new password"),
            "token",
            token,
            "passwordMin",
            limits.passwordMin());
    return Future.succeededFuture(Forms.render("reset", model, errors));
  }

  private Future<PageResponse> reset(PageRequest request) {
    return Forms.submit(
        bus.ask(
                new EmailCommand.ResetPassword(
                    request.userField("token"),
                    request.userField("password"),
                    request.userField("password_confirmation"),
                    request.client()))
            .map(tokens -> new PageResponse.SignIn(tokens, false, SETTINGS + "?done=password")),
        errors -> resetPage(request.userField("token"), errors));
  }
}
