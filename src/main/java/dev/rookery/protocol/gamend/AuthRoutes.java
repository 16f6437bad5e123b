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

/** Sign-in by password or device, registration, token refresh, and sign-out. */
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

  private Future<Response> login(ApiRequest request) {
    var in = request.input();
    return bus.ask(
            new AuthCommand.SignInByPassword(
                in.textOrEmpty("email"),
                in.textOrEmpty("password"),
                in.text("device_id"),
                request.client()))
        .map(signedIn -> Response.ok(view(signedIn)));
  }

  private Future<Response> deviceLogin(ApiRequest request) {
    return bus.ask(
            new AuthCommand.SignInByDevice(
                request.input().textOrEmpty("device_id"), request.client()))
        .map(signedIn -> Response.ok(view(signedIn)));
  }

  private Future<Response> register(ApiRequest request) {
    var in = request.input();
    return bus.ask(
            new AuthCommand.Register(
                in.textOrEmpty("email"),
                in.textOrEmpty("password"),
                in.text("password_confirmation"),
                in.text("display_name"),
                in.text("device_id"),
                request.client()))
        .map(AuthRoutes::view);
  }

  private Future<Response> refresh(ApiRequest request) {
    return bus.ask(
            new AuthCommand.Refresh(request.input().textOrEmpty("refresh_token"), request.client()))
        .map(signedIn -> Response.ok(view(signedIn)));
  }

  private Future<Response> logout(ApiRequest request) {
    Session session = request.session();
    if (session == null) {
      return Future.succeededFuture(Response.ok(new JsonObject()));
    }
    // The other nodes learn of it from the event; this one must not accept the token from now on.
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
