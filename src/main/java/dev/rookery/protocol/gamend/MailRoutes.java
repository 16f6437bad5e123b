package dev.rookery.protocol.gamend;

import dev.rookery.auth.EmailCommand;
import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Ways in by letter. */
final class MailRoutes {
  private final Bus bus;

  MailRoutes(Bus bus) {
    this.bus = bus;
  }

  void into(Map<String, Endpoint.Route> routes) {
    routes.put("request_login_link", this::askForSignIn);
    routes.put("redeem_login_token", this::redeem);
    routes.put("request_password_reset", this::askForReset);
    routes.put("reset_password", this::reset);
    routes.put("request_email_change", this::askForChange);
    routes.put("confirm_email_change", this::change);
  }

  private Future<Reply> askForSignIn(Call call) {
    return bus.ask(
            new EmailCommand.RequestMagicLink(call.input().textOrEmpty("email"), call.client()))
        .map(MailRoutes::sent);
  }

  private Future<Reply> askForReset(Call call) {
    return bus.ask(
            new EmailCommand.RequestPasswordReset(call.input().textOrEmpty("email"), call.client()))
        .map(MailRoutes::sent);
  }

  private Future<Reply> askForChange(Call call) {
    var in = call.input();
    return bus.ask(
            new EmailCommand.RequestEmailChange(
                call.me(),
                call.mySession().id(),
                in.textOrEmpty("email"),
                in.text("current_password"),
                call.client()))
        .map(MailRoutes::sent);
  }

  private Future<Reply> redeem(Call call) {
    return bus.ask(
            new EmailCommand.SignInWithToken(call.input().textOrEmpty("token"), call.client()))
        .map(signedIn -> Reply.ok(AuthRoutes.view(signedIn)));
  }

  private Future<Reply> reset(Call call) {
    var in = call.input();
    return bus.ask(
            new EmailCommand.ResetPassword(
                in.textOrEmpty("token"),
                in.textOrEmpty("password"),
                in.text("password_confirmation"),
                call.client()))
        .map(signedIn -> Reply.ok(AuthRoutes.view(signedIn)));
  }

  private Future<Reply> change(Call call) {
    return bus.ask(new EmailCommand.ConfirmEmailChange(call.input().textOrEmpty("token")))
        .map(Reply::done);
  }

  /** The same whether or not anything was. */
  private static Reply sent(Object ignored) {
    return Reply.accepted(JsonObject.of("status", "sent"));
  }
}
