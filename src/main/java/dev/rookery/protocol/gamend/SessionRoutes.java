package dev.rookery.protocol.gamend;

import dev.rookery.auth.AuthCommand;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import java.util.Map;

/** Sign-ins, as their player and as admins look at them and end them. */
final class SessionRoutes {
  private final Bus bus;
  private final Limits limits;

  SessionRoutes(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("list_my_sessions", this::listMine);
    routes.put("end_my_session", this::endMine);
    routes.put("end_my_other_sessions", this::endMyOthers);
    routes.put("admin_list_sessions", this::listAll);
    routes.put("admin_delete_session", this::endAny);
    routes.put("admin_list_user_sessions", this::listOfUser);
    routes.put("admin_delete_user_sessions", this::endOfUser);
  }

  private Future<Response> listMine(ApiRequest call) {
    SessionId current = call.requiredSession().id();
    return bus.ask(new AuthCommand.ListSessions(call.player(), call.page(limits.pageSizeMax())))
        .map(page -> Response.ok(Views.page(page, session -> SessionViews.own(session, current))));
  }

  private Future<Response> endMine(ApiRequest call) {
    return bus.ask(new AuthCommand.EndSession(call.input().id("id"), call.player()))
        .map(Response::empty);
  }

  private Future<Response> endMyOthers(ApiRequest call) {
    return bus.ask(new AuthCommand.SignOutAll(call.player(), call.requiredSession().id()))
        .map(Response::empty);
  }

  private Future<Response> listAll(ApiRequest call) {
    return bus.ask(new AuthCommand.ListSessions(null, call.page(limits.pageSizeMax())))
        .map(page -> Response.ok(Views.page(page, SessionViews::forAdmin)));
  }

  private Future<Response> endAny(ApiRequest call) {
    return bus.ask(new AuthCommand.EndSession(call.input().id("id"), null)).map(Response::empty);
  }

  private Future<Response> listOfUser(ApiRequest call) {
    return bus.ask(new AuthCommand.ListSessions(user(call), call.page(limits.pageSizeMax())))
        .map(page -> Response.ok(Views.page(page, SessionViews::forAdmin)));
  }

  private Future<Response> endOfUser(ApiRequest call) {
    return bus.ask(new AuthCommand.SignOutAll(user(call), null)).map(Response::empty);
  }

  private static PlayerId user(ApiRequest call) {
    return new PlayerId(call.input().id("id"));
  }
}
