package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.lobby.LobbyQuery.WatchedLobby;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** All lobbies, for admins (Gamend HTTP contract, section 17.4). */
final class AdminLobbyRoutes {
  private final Limits limits;

  AdminLobbyRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_lobbies", this::list);
    routes.put("admin_get_lobby", this::show);
    routes.put("admin_create_lobby", this::create);
    routes.put("admin_update_lobby", this::update);
    routes.put("admin_delete_lobby", this::delete);
    routes.put("admin_add_lobby_member", this::addMember);
    routes.put("admin_remove_lobby_member", this::removeMember);
  }

  private Future<Response> list(ApiRequest request) {
    var in = request.input();
    String title = in.text("title");
    var filter =
        new LobbyQuery.Filter(
            title == null ? null : title.strip(),
            in.flag("has_password"),
            in.flag("is_locked"),
            in.integer("min_users"),
            in.integer("max_users"),
            null,
            null);
    return request
        .ask(
            new LobbyQuery.ListAll(
                filter, in.flag("is_hidden"), request.page(limits.pageSizeMax())))
        .map(page -> Response.ok(Views.page(page, AdminLobbyRoutes::view)));
  }

  private static JsonObject view(WatchedLobby watched) {
    return Views.lobby(watched.lobby()).put("spectator_count", watched.spectators());
  }

  private Future<Response> create(ApiRequest request) {
    return request
        .ask(
            new LobbyCommand.OpenHostless(
                LobbyRoutes.settings(request.input()), request.player(), request.idempotencyKey()))
        .map(
            lobby -> {
              EntityTags.set(request, lobby.revision());
              return Response.created(JsonObject.of("data", view(new WatchedLobby(lobby, 0))));
            });
  }

  private Future<Response> addMember(ApiRequest request) {
    return request
        .ask(new LobbyCommand.Join(lobby(request), member(request), null))
        .map(Response::empty);
  }

  private Future<Response> removeMember(ApiRequest request) {
    return request
        .ask(new LobbyCommand.Leave(member(request), lobby(request), null))
        .map(Response::empty);
  }

  private static PlayerId member(ApiRequest request) {
    return new PlayerId(request.input().id("user_id"));
  }

  private Future<Response> update(ApiRequest request) {
    return request
        .ask(
            new LobbyCommand.ChangeAny(
                lobby(request),
                LobbyRoutes.settings(request.input()),
                EntityTags.revision(request)))
        .map(watched -> answer(request, watched));
  }

  private Future<Response> show(ApiRequest request) {
    return request
        .ask(new LobbyQuery.FindWatched(lobby(request)))
        .map(watched -> answer(request, watched));
  }

  private static Response answer(ApiRequest request, WatchedLobby watched) {
    EntityTags.set(request, watched.lobby().revision());
    return Response.ok(JsonObject.of("data", view(watched)));
  }

  private Future<Response> delete(ApiRequest request) {
    return request.ask(new LobbyCommand.Close(lobby(request))).map(Response::empty);
  }

  private static LobbyId lobby(ApiRequest request) {
    return new LobbyId(request.input().id("id"));
  }
}
