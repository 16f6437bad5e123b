package dev.rookery.protocol.page;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.friend.Friend;
import dev.rookery.friend.FriendCommand;
import dev.rookery.friend.FriendCommand.Action;
import dev.rookery.friend.FriendRequests;
import dev.rookery.friend.Friendship;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves the friends of a player: search, requests, friendships and blocks. */
final class FriendPages {
  private static final String PATH = "/users/settings/friends";
  private static final int FOUND_MAX = 20;

  private final Bus bus;
  private final Limits limits;
  private final boolean searchesByEmail;

  /**
   * @param searchesByEmail whether a player is found by their complete email address
   */
  FriendPages(Bus bus, Limits limits, boolean searchesByEmail) {
    this.bus = bus;
    this.limits = limits;
    this.searchesByEmail = searchesByEmail;
  }

  void mount(Router router, PageRouter pages) {
    pages.getSignedIn(
        router, PATH, request -> render(request, request.queryParameter("q"), FormErrors.NONE));
    pages.postSignedIn(router, PATH, this::request);
    pages.postSignedIn(router, PATH + "/answer", this::answer);
  }

  private Future<PageResponse> render(PageRequest request, String query, FormErrors errors) {
    PlayerId player = request.player();
    Map<String, String> filters = query.isEmpty() ? Map.of() : Map.of("q", query);
    var friendList = new PageList(PATH, "page");
    var incomingList = new PageList(PATH, "requests");
    var outgoingList = new PageList(PATH, "sent");
    var blockedList = new PageList(PATH, "blocked");
    var foundList = new PageList(PATH, "found", filters);
    var friends = bus.ask(new FriendCommand.ListOnlineFirst(player, friendList.requested(request)));
    Future<FriendRequests> incoming = requests(player, incomingList.requested(request));
    Future<FriendRequests> outgoing =
        incomingList.requested(request).equals(outgoingList.requested(request))
            ? incoming
            : requests(player, outgoingList.requested(request));
    var blocked = bus.ask(new FriendCommand.ListBlocked(player, blockedList.requested(request)));
    Future<Page<Player>> found = search(query, foundList.requested(request, FOUND_MAX));
    return Future.all(List.of(friends, incoming, outgoing, blocked, found))
        .map(
            _ -> {
              var model = new HashMap<String, Object>();
              model.put("title", Message.of("Friends"));
              model.put("own", player.value());
              model.put("query", query);
              model.put("friendsMax", limits.friendsMax());
              model.put("requestsMax", limits.friendRequestsMax());
              model.put("found", foundList.view(found.result(), one -> PlayerView.of(one)));
              model.put("friends", friendList.view(friends.result(), one -> view(one)));
              model.put(
                  "incoming", incomingList.view(incoming.result().incoming(), one -> view(one)));
              model.put(
                  "outgoing", outgoingList.view(outgoing.result().outgoing(), one -> view(one)));
              model.put("blocked", blockedList.view(blocked.result(), one -> view(one)));
              return Forms.render("settings-friends", model, errors);
            });
  }

  private Future<FriendRequests> requests(PlayerId player, Page.Request page) {
    return bus.ask(new FriendCommand.ListRequests(player, page));
  }

  private Future<Page<Player>> search(String query, Page.Request page) {
    return query.isBlank()
        ? Future.succeededFuture(new Page<>(List.of(), page.number(), page.size(), 0))
        : bus.ask(new PlayerCommand.Search(query, searchesByEmail, page));
  }

  private static Map<String, Object> view(Friend friend) {
    Map<String, Object> view = PlayerView.of(friend.other());
    view.put("friendship", friend.friendship().id().value());
    view.put("since", Instant.ofEpochMilli(friend.friendship().createdMs()));
    return view;
  }

  private Future<PageResponse> request(PageRequest request) {
    var target = new PlayerId(request.fieldId("target"));
    return Forms.submit(
        bus.ask(new FriendCommand.Request(request.player(), target, null))
            .map(
                friendship ->
                    done(
                        friendship.state() == Friendship.State.ACCEPTED
                            ? "friend-added"
                            : "friend-requested")),
        errors -> render(request, request.field("q"), errors));
  }

  private Future<PageResponse> answer(PageRequest request) {
    String name = request.field("action");
    Action action = action(name);
    if (action == null) {
      return Future.failedFuture(Refused.missing("not_found"));
    }
    var friendship = new FriendshipId(request.fieldId("friendship"));
    return Forms.submit(
        bus.ask(new FriendCommand.Answer(request.player(), friendship, action))
            .map(_ -> done("friend-" + name)),
        errors -> render(request, "", errors));
  }

  private static @Nullable Action action(String name) {
    return switch (name) {
      case "accept" -> Action.ACCEPT;
      case "reject" -> Action.REJECT;
      case "block" -> Action.BLOCK;
      case "unblock" -> Action.UNBLOCK;
      case "remove" -> Action.REMOVE;
      default -> null;
    };
  }

  private static PageResponse.Redirect done(String code) {
    return new PageResponse.Redirect(PATH + "?done=" + code);
  }
}
