package dev.rookery.protocol.gamend;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.friend.FriendCommand;
import dev.rookery.friend.Friendship;
import dev.rookery.friend.Friendship.State;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;

/** Friendships, requests and blocks of all players, for admins. */
final class AdminFriendRoutes {
  private final Limits limits;

  AdminFriendRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_friendships", this::list);
    routes.put("admin_delete_friendship", this::delete);
  }

  private Future<Response> list(ApiRequest request) {
    var in = request.input();
    Long player = in.number("user_id");
    Long before = in.number("before");
    String state = in.text("state");
    var filter =
        new FriendCommand.Filter(
            player == null ? null : new PlayerId(player),
            state == null ? null : State.valueOf(state.toUpperCase(Locale.ROOT)),
            in.number("since"));
    return request
        .ask(
            new FriendCommand.ListAll(
                filter,
                before == null ? null : new FriendshipId(before),
                request.page(limits.pageSizeMax()).size()))
        .map(
            found ->
                Response.ok(
                    JsonObject.of(
                        "data",
                        new JsonArray(found.stream().map(AdminFriendRoutes::view).toList()))));
  }

  private static JsonObject view(Friendship one) {
    return new JsonObject()
        .put("id", one.id().value())
        .put("requester_id", one.requester().value())
        .put("target_id", one.target().value())
        .put("status", one.state().name().toLowerCase(Locale.ROOT))
        .put("inserted_at", Views.time(one.createdMs()));
  }

  private Future<Response> delete(ApiRequest request) {
    return request
        .ask(new FriendCommand.End(new FriendshipId(request.input().id("id"))))
        .map(Response::empty);
  }
}
