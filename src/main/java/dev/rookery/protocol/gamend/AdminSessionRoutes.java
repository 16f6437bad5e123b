package dev.rookery.protocol.gamend;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.OpenSession;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.console.Permission;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Lists and ends the sessions of all players, for admins. */
final class AdminSessionRoutes {
  private final Limits limits;

  AdminSessionRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_sessions", this::listAll);
    routes.put("admin_delete_session", this::endAny);
    routes.put("admin_list_user_sessions", this::listOfUser);
    routes.put("admin_delete_user_sessions", this::endOfUser);
  }

  private Future<Response> listAll(ApiRequest request) {
    return request
        .ask(new AuthCommand.ListSessions(null, request.page(limits.pageSizeMax())))
        .map(page -> answer(request, page));
  }

  private Future<Response> endAny(ApiRequest request) {
    return request
        .ask(new AuthCommand.EndSession(request.input().id("id"), null))
        .map(Response::empty);
  }

  private Future<Response> listOfUser(ApiRequest request) {
    return request
        .ask(new AuthCommand.ListSessions(user(request), request.page(limits.pageSizeMax())))
        .map(page -> answer(request, page));
  }

  private Future<Response> endOfUser(ApiRequest request) {
    return request.ask(new AuthCommand.SignOutAll(user(request), null)).map(Response::empty);
  }

  private static PlayerId user(ApiRequest request) {
    return new PlayerId(request.input().id("id"));
  }

  private static Response answer(ApiRequest request, Page<OpenSession> page) {
    boolean personal = request.requiredSession().may(Permission.PLAYERS_PERSONAL);
    return Response.ok(Views.page(page, session -> view(session, personal)));
  }

  private static JsonObject view(OpenSession session, boolean personal) {
    JsonObject view = SessionViews.forAdmin(session);
    return personal ? view : AdminUserRoutes.withoutPersonal(view);
  }
}
