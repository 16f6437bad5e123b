package dev.rookery.protocol.openturn;

import dev.rookery.base.Refused;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Mounts routes for players of this server, who send the access token of any wire. */
final class PlayerRoutes {
  private static final String BEARER = "Bearer ";

  private final Router router;
  private final Sessions sessions;

  PlayerRoutes(Router router, Sessions sessions) {
    this.router = router;
    this.sessions = sessions;
  }

  /** Answers a request of a player with JSON. */
  @FunctionalInterface
  interface JsonRoute {
    Future<JsonObject> serve(RoutingContext context, Session session);
  }

  /** Answers a request of a player. */
  @FunctionalInterface
  interface PlayerRoute {
    void serve(RoutingContext context, Session session);
  }

  void get(String path, JsonRoute route) {
    json(HttpMethod.GET, path, 200, RequestBodyHandler.BYTES_MAX, route);
  }

  /**
   * @param status of the answer
   */
  void post(String path, int status, JsonRoute route) {
    json(HttpMethod.POST, path, status, RequestBodyHandler.BYTES_MAX, route);
  }

  void json(HttpMethod method, String path, int status, int bodyBytesMax, JsonRoute route) {
    mount(
        method,
        path,
        bodyBytesMax,
        (context, session) -> Responses.respond(context, status, route.serve(context, session)));
  }

  void mount(HttpMethod method, String path, int bodyBytesMax, PlayerRoute route) {
    router
        .route(method, path)
        .setName(path)
        .handler(PlayerRoutes::named)
        .handler(new RequestBodyHandler(bodyBytesMax))
        .handler(context -> authenticate(context, route));
  }

  private static void named(RoutingContext context) {
    RequestInfo.of(context).route(context.currentRoute().getName());
    context.next();
  }

  private void authenticate(RoutingContext context, PlayerRoute route) {
    String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.startsWith(BEARER)) {
      Responses.error(context, 401, "unauthorized");
      return;
    }
    sessions
        .authenticate(header.substring(BEARER.length()).strip())
        .onSuccess(session -> route.serve(context, session))
        .onFailure(cause -> refuse(context, cause));
  }

  private static void refuse(RoutingContext context, Throwable cause) {
    if (Refused.isByRule(cause)) {
      Responses.error(context, 401, "unauthorized");
    } else {
      Responses.fail(context, cause);
    }
  }
}
