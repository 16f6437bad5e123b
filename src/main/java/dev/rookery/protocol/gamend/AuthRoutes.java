package dev.rookery.protocol.gamend;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.RegistrationResult;
import dev.rookery.auth.TokenPair;
import dev.rookery.bus.Bus;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Ways in, and out. */
final class AuthRoutes {
  private final Bus bus;
  private final Sessions sessions;

  AuthRoutes(Bus bus, Sessions sessions) {
    this.bus = bus;
    this.sessions = sessions;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("login", this::login);
    routes.put("device_login", this::deviceLogin);
    routes.put("register", this::register);
    routes.put("refresh_token", this::refresh);
    routes.put("logout", this::logout);
  }

  private Future<Response> login(ApiRequest call) {
    var in = call.input();
    return bus.ask(
            new AuthCommand.SignInByPassword(
                in.textOrEmpty("email"),
                in.textOrEmpty("password"),
                in.text("device_id"),
                call.client()))
        .map(signedIn -> Response.ok(view(signedIn)));
  }

  private Future<Response> deviceLogin(ApiRequest call) {
    return bus.ask(
            new AuthCommand.SignInByDevice(call.input().textOrEmpty("device_id"), call.client()))
        .map(signedIn -> Response.ok(view(signedIn)));
  }

  private Future<Response> register(ApiRequest call) {
    var in = call.input();
    return bus.ask(
            new AuthCommand.Register(
                in.textOrEmpty("email"),
                in.textOrEmpty("password"),
                in.text("password_confirmation"),
                in.text("display_name"),
                in.text("device_id"),
                call.client()))
        .map(AuthRoutes::view);
  }

  private Future<Response> refresh(ApiRequest call) {
    return bus.ask(
            new AuthCommand.Refresh(call.input().textOrEmpty("refresh_token"), call.client()))
        .map(signedIn -> Response.ok(view(signedIn)));
  }

  private Future<Response> logout(ApiRequest call) {
    Session session = call.session();
    if (session == null) {
      return Future.succeededFuture(Response.ok(new JsonObject()));
    }
    // All nodes hear of it soon; the one that says so has heard of it already.
    return bus.ask(new AuthCommand.SignOut(session.id()))
        .onSuccess(_ -> sessions.end(session.id()))
        .map(Response::empty);
  }

  private static Response view(RegistrationResult registered) {
    TokenPair signedIn = registered.tokens();
    return signedIn == null
        ? Response.accepted(JsonObject.of("status", "confirmation_sent"))
        : Response.created(view(signedIn));
  }

  static JsonObject view(TokenPair signedIn) {
    return JsonObject.of(
        "data",
        new JsonObject()
            .put("access_token", signedIn.accessToken())
            .put("refresh_token", signedIn.refreshToken())
            .put("expires_in", signedIn.accessLifetime().toSeconds())
            .put("user_id", signedIn.player().value())
            .put("display_name", signedIn.displayName()));
  }
}
