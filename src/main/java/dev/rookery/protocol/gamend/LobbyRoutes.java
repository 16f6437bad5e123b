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
import dev.rookery.lobby.LobbySnapshot;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where players gather before a game. */
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

  private Future<Response> list(ApiRequest call) {
    var in = call.input();
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
    return bus.ask(new LobbyQuery.ListOpen(filter, call.page(limits.pageSizeMax())))
        .map(lobbies -> Response.ok(Views.page(lobbies, Views::lobby)));
  }

  private Future<Response> show(ApiRequest call) {
    return bus.ask(new LobbyQuery.Show(new LobbyId(call.input().id("id"))))
        .map(snapshot -> Response.ok(view(snapshot)));
  }

  private static JsonObject view(LobbySnapshot snapshot) {
    return new JsonObject()
        .put("data", Views.lobby(snapshot.lobby()))
        .put("members", Views.list(snapshot.members(), Views::brief))
        .put("spectator_count", snapshot.spectators());
  }

  private Future<Response> create(ApiRequest call) {
    return bus.ask(
            new LobbyCommand.Open(call.player(), settings(call.input()), call.idempotencyKey()))
        .map(lobby -> Response.created(Views.lobby(lobby)));
  }

  private Future<Response> update(ApiRequest call) {
    return bus.ask(new LobbyCommand.Change(call.player(), settings(call.input())))
        .map(lobby -> Response.ok(Views.lobby(lobby)));
  }

  private static Settings settings(Input in) {
    return new Settings(
        in.text("title"),
        in.integer("max_users"),
        in.flag("is_hidden"),
        in.flag("is_locked"),
        in.text("password"),
        in.object("metadata"),
        in.integer("slowdown"));
  }

  private Future<Response> join(ApiRequest call) {
    var lobby = new LobbyId(call.input().id("id"));
    return bus.ask(
            new LobbyCommand.Join(
                lobby, call.player(), call.input().text("password"), call.idempotencyKey()))
        .map(LobbyRoutes::joined);
  }

  /** These clients were promised a refusal for joining the same lobby twice. */
  private static Response joined(JoinResult result) {
    if (result.alreadyIn()) {
      throw Refused.conflict("already_in_lobby");
    }
    return Response.ok(Views.lobby(result.lobby()));
  }

  private Future<Response> leave(ApiRequest call) {
    return bus.ask(new LobbyCommand.Leave(call.player(), call.idempotencyKey()))
        .map(Response::empty);
  }

  private Future<Response> kick(ApiRequest call) {
    var target = new PlayerId(call.input().id("target_user_id"));
    return bus.ask(new LobbyCommand.Kick(call.player(), target)).map(Response::empty);
  }

  private Future<Response> quickJoin(ApiRequest call) {
    var in = call.input();
    @Nullable Map<String, Object> metadata = in.object("metadata");
    return bus.ask(
            new LobbyCommand.QuickJoin(
                call.player(),
                in.text("title"),
                in.integer("max_users"),
                metadata == null ? Map.of() : metadata,
                call.idempotencyKey()))
        .map(lobby -> Response.ok(Views.lobby(lobby)));
  }
}
