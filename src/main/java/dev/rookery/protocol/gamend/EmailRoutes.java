package dev.rookery.protocol.gamend;

import dev.rookery.auth.EmailCommand;
import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Sign-in by magic link, password reset, and change of the email address. */
final class EmailRoutes {
  private final Bus bus;

  EmailRoutes(Bus bus) {
    this.bus = bus;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("request_login_link", this::requestSignIn);
    routes.put("redeem_login_token", this::redeem);
    routes.put("request_password_reset", this::requestReset);
    routes.put("reset_password", this::reset);
    routes.put("request_email_change", this::requestChange);
    routes.put("confirm_email_change", this::confirmChange);
  }

  private Future<Response> requestSignIn(ApiRequest request) {
    return bus.ask(
            new EmailCommand.RequestMagicLink(
                request.input().textOrEmpty("email"), request.client()))
        .map(EmailRoutes::sent);
  }

  private Future<Response> requestReset(ApiRequest request) {
    return bus.ask(
            new EmailCommand.RequestPasswordReset(
                request.input().textOrEmpty("email"), request.client()))
        .map(EmailRoutes::sent);
  }

  private Future<Response> requestChange(ApiRequest request) {
    var in = request.input();
    return bus.ask(
            new EmailCommand.RequestEmailChange(
                request.player(),
                request.requiredSession().id(),
                in.textOrEmpty("email"),
                in.text("current_password"),
                request.client()))
        .map(EmailRoutes::sent);
  }

  private Future<Response> redeem(ApiRequest request) {
    return bus.ask(
            new EmailCommand.SignInWithToken(
                request.input().textOrEmpty("token"), request.client()))
        .map(signedIn -> Response.ok(AuthRoutes.view(signedIn)));
  }

  private Future<Response> reset(ApiRequest request) {
    var in = request.input();
    return bus.ask(
            new EmailCommand.ResetPassword(
                in.textOrEmpty("token"),
                in.textOrEmpty("password"),
                in.text("password_confirmation"),
                request.client()))
        .map(signedIn -> Response.ok(AuthRoutes.view(signedIn)));
  }

  private Future<Response> confirmChange(ApiRequest request) {
    return bus.ask(new EmailCommand.ConfirmEmailChange(request.input().textOrEmpty("token")))
        .map(Response::empty);
  }

  /** The response is the same whether or not an email was sent, so that it reveals no accounts. */
  private static Response sent(Object ignored) {
    return Response.accepted(JsonObject.of("status", "sent"));
  }
}
