package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyCommand.JoinResult;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.lobby.LobbyQuery.LobbySnapshot;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lobbies: list, create, update, join, leave, kick, quick join. */
final class LobbyRoutes {
  private final Bus bus;
  private final Limits limits;

  LobbyRoutes(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("list_lobbies", this::list);
    routes.put("get_lobby", this::show);
    routes.put("create_lobby", this::create);
    routes.put("update_lobby", this::update);
    routes.put("join_lobby", this::join);
    routes.put("leave_lobby", this::leave);
    routes.put("kick_user", this::kick);
    routes.put("quick_join", this::quickJoin);
  }

  private Future<Response> list(ApiRequest request) {
    var in = request.input();
    String title = in.text("title") == null ? in.text("q") : in.text("title");
    var filter =
        new LobbyQuery.Filter(
            title == null ? null : title.strip(),
            in.flag("is_passworded"),
            in.flag("is_locked"),
            in.integer("min_users"),
            in.integer("max_users"),
            in.text("metadata_key"),
            in.text("metadata_value"));
    return bus.ask(new LobbyQuery.ListOpen(filter, request.page(limits.pageSizeMax())))
        .map(lobbies -> Response.ok(Views.page(lobbies, Views::lobby)));
  }

  private Future<Response> show(ApiRequest request) {
    return bus.ask(new LobbyQuery.Show(new LobbyId(request.input().id("id"))))
        .map(snapshot -> Response.ok(view(snapshot)));
  }

  private static JsonObject view(LobbySnapshot snapshot) {
    return new JsonObject()
        .put("data", Views.lobby(snapshot.lobby()))
        .put("members", Views.list(snapshot.members(), Views::brief))
        .put("spectator_count", snapshot.spectators());
  }

  private Future<Response> create(ApiRequest request) {
    return bus.ask(
            new LobbyCommand.Open(
                request.player(), settings(request.input()), request.idempotencyKey()))
        .map(lobby -> Response.created(Views.lobby(lobby)));
  }

  private Future<Response> update(ApiRequest request) {
    return bus.ask(new LobbyCommand.Change(request.player(), settings(request.input())))
        .map(lobby -> Response.ok(Views.lobby(lobby)));
  }

  static Settings settings(Input in) {
    return new Settings(
        in.text("title"),
        in.integer("max_users"),
        in.flag("is_hidden"),
        in.flag("is_locked"),
        in.text("password"),
        in.object("metadata"),
        in.integer("slowdown"));
  }

  private Future<Response> join(ApiRequest request) {
    var lobby = new LobbyId(request.input().id("id"));
    return bus.ask(
            new LobbyCommand.Join(
                lobby,
                request.player(),
                request.input().text("password"),
                request.input().integer("code"),
                request.client().address(),
                request.idempotencyKey()))
        .map(LobbyRoutes::joined);
  }

  /** The contract refuses a second join of the same lobby, which the domain accepts. */
  private static Response joined(JoinResult result) {
    if (result.alreadyIn()) {
      throw Refused.conflict("already_in_lobby");
    }
    return Response.ok(Views.lobby(result.lobby()));
  }

  private Future<Response> leave(ApiRequest request) {
    return bus.ask(new LobbyCommand.Leave(request.player(), request.idempotencyKey()))
        .map(Response::empty);
  }

  private Future<Response> kick(ApiRequest request) {
    var target = new PlayerId(request.input().id("target_user_id"));
    return bus.ask(new LobbyCommand.Kick(request.player(), target)).map(Response::empty);
  }

  private Future<Response> quickJoin(ApiRequest request) {
    var in = request.input();
    @Nullable Map<String, Object> metadata = in.object("metadata");
    return bus.ask(
            new LobbyCommand.QuickJoin(
                request.player(),
                in.text("title"),
                in.integer("max_users"),
                metadata == null ? Map.of() : metadata,
                request.idempotencyKey()))
        .map(lobby -> Response.ok(Views.lobby(lobby)));
  }
}
