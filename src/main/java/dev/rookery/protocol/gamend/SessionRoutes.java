package dev.rookery.protocol.gamend;

import dev.rookery.auth.AuthCommand;
import dev.rookery.base.Limits;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import java.util.Map;

/** Lists and ends the sessions of the player who asks. */
final class SessionRoutes {
  private final Bus bus;
  private final Limits limits;

  SessionRoutes(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("list_my_sessions", this::listOwn);
    routes.put("end_my_session", this::endOwn);
    routes.put("end_my_other_sessions", this::endOthers);
  }

  private Future<Response> listOwn(ApiRequest request) {
    SessionId current = request.requiredSession().id();
    return bus.ask(
            new AuthCommand.ListSessions(request.player(), request.page(limits.pageSizeMax())))
        .map(page -> Response.ok(Views.page(page, session -> SessionViews.own(session, current))));
  }

  private Future<Response> endOwn(ApiRequest request) {
    return bus.ask(new AuthCommand.EndSession(request.input().id("id"), request.player()))
        .map(Response::empty);
  }

  private Future<Response> endOthers(ApiRequest request) {
    return bus.ask(new AuthCommand.SignOutAll(request.player(), request.requiredSession().id()))
        .map(Response::empty);
  }
}
