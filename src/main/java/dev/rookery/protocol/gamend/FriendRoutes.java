package dev.rookery.protocol.gamend;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.friend.Friend;
import dev.rookery.friend.FriendCommand;
import dev.rookery.friend.FriendCommand.Action;
import dev.rookery.friend.FriendRequests;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Friends: requests, friendships and blocks (Gamend HTTP contract, section 12). */
final class FriendRoutes {
  private final Bus bus;
  private final Limits limits;

  FriendRoutes(Bus bus, Limits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("create_friend_request", this::request);
    routes.put("accept_friend_request", request -> answer(request, Action.ACCEPT));
    routes.put("reject_friend_request", request -> answer(request, Action.REJECT));
    routes.put("block_friend_request", request -> answer(request, Action.BLOCK));
    routes.put("unblock_friend", request -> answer(request, Action.UNBLOCK));
    routes.put("remove_friendship", request -> answer(request, Action.REMOVE));
    routes.put("list_friends", this::listFriends);
    routes.put("list_friend_requests", this::listRequests);
    routes.put("list_blocked_friends", this::listBlocked);
  }

  private Future<Response> request(ApiRequest request) {
    var target = new PlayerId(request.input().id("target_user_id"));
    return bus.ask(new FriendCommand.Request(request.player(), target, request.idempotencyKey()))
        .map(_ -> Response.created(new JsonObject()));
  }

  private Future<Response> answer(ApiRequest request, Action action) {
    var friendship = new FriendshipId(request.input().id("id"));
    return bus.ask(
            new FriendCommand.Answer(
                request.player(), friendship, action, request.idempotencyKey()))
        .map(Response::empty);
  }

  private Future<Response> listFriends(ApiRequest request) {
    return bus.ask(
            new FriendCommand.ListFriends(request.player(), request.page(limits.pageSizeMax())))
        .map(friends -> Response.ok(Views.page(friends, FriendRoutes::friend)));
  }

  private static JsonObject friend(Friend friend) {
    return Views.brief(friend.other()).put("friendship_id", friend.friendship().id().value());
  }

  private Future<Response> listBlocked(ApiRequest request) {
    return bus.ask(
            new FriendCommand.ListBlocked(request.player(), request.page(limits.pageSizeMax())))
        .map(blocked -> Response.ok(Views.page(blocked, FriendRoutes::blocked)));
  }

  private static JsonObject blocked(Friend blocked) {
    return new JsonObject()
        .put("id", blocked.friendship().id().value())
        .put("requester", Views.brief(blocked.other()));
  }

  private Future<Response> listRequests(ApiRequest request) {
    return bus.ask(
            new FriendCommand.ListRequests(request.player(), request.page(limits.pageSizeMax())))
        .map(requests -> Response.ok(requests(requests)));
  }

  private static JsonObject requests(FriendRequests requests) {
    Page<Friend> incoming = requests.incoming();
    Page<Friend> outgoing = requests.outgoing();
    return new JsonObject()
        .put("incoming", Views.list(incoming.items(), FriendRoutes::pending))
        .put("outgoing", Views.list(outgoing.items(), FriendRoutes::pending))
        .put(
            "meta",
            new JsonObject()
                .put("page", incoming.number())
                .put("page_size", incoming.size())
                .put("counts", both(incoming.items().size(), outgoing.items().size()))
                .put("total_counts", both(incoming.total(), outgoing.total()))
                .put("total_pages", both(Views.pages(incoming), Views.pages(outgoing)))
                .put("has_more", both(isFull(incoming), isFull(outgoing))));
  }

  private static boolean isFull(Page<Friend> page) {
    return page.items().size() == page.size();
  }

  private static JsonObject both(Object incoming, Object outgoing) {
    return JsonObject.of("incoming", incoming, "outgoing", outgoing);
  }

  /** The contract shows the other player in full, and of the calling player only the id. */
  private static JsonObject pending(Friend pending) {
    var friendship = pending.friendship();
    boolean incoming = friendship.requester().equals(pending.other().id());
    JsonObject other = Views.brief(pending.other());
    return new JsonObject()
        .put("id", friendship.id().value())
        .put("requester", incoming ? other : stub(friendship.requester()))
        .put("target", incoming ? stub(friendship.target()) : other)
        .put("status", Views.status(friendship))
        .put("inserted_at", Views.zonelessTime(friendship.createdMs()));
  }

  private static JsonObject stub(PlayerId player) {
    return new JsonObject()
        .put("id", player.value())
        .put("display_name", "")
        .put("metadata", new JsonObject())
        .put("is_online", false)
        .put("last_seen_at", Views.time(0));
  }
}
