package dev.rookery.protocol.gamend;

import dev.rookery.auth.EmailCommand;
import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Ways in by letter. */
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

  private Future<Response> requestSignIn(ApiRequest call) {
    return bus.ask(
            new EmailCommand.RequestMagicLink(call.input().textOrEmpty("email"), call.client()))
        .map(EmailRoutes::sent);
  }

  private Future<Response> requestReset(ApiRequest call) {
    return bus.ask(
            new EmailCommand.RequestPasswordReset(call.input().textOrEmpty("email"), call.client()))
        .map(EmailRoutes::sent);
  }

  private Future<Response> requestChange(ApiRequest call) {
    var in = call.input();
    return bus.ask(
            new EmailCommand.RequestEmailChange(
                call.player(),
                call.requiredSession().id(),
                in.textOrEmpty("email"),
                in.text("current_password"),
                call.client()))
        .map(EmailRoutes::sent);
  }

  private Future<Response> redeem(ApiRequest call) {
    return bus.ask(
            new EmailCommand.SignInWithToken(call.input().textOrEmpty("token"), call.client()))
        .map(signedIn -> Response.ok(AuthRoutes.view(signedIn)));
  }

  private Future<Response> reset(ApiRequest call) {
    var in = call.input();
    return bus.ask(
            new EmailCommand.ResetPassword(
                in.textOrEmpty("token"),
                in.textOrEmpty("password"),
                in.text("password_confirmation"),
                call.client()))
        .map(signedIn -> Response.ok(AuthRoutes.view(signedIn)));
  }

  private Future<Response> confirmChange(ApiRequest call) {
    return bus.ask(new EmailCommand.ConfirmEmailChange(call.input().textOrEmpty("token")))
        .map(Response::empty);
  }

  /** The same whether or not anything was. */
  private static Response sent(Object ignored) {
    return Response.accepted(JsonObject.of("status", "sent"));
  }
}
