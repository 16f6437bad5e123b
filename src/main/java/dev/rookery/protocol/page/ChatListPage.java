package dev.rookery.protocol.page;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.Conversation;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.friend.Friend;
import dev.rookery.friend.FriendCommand;
import dev.rookery.group.Group;
import dev.rookery.group.GroupQuery;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Serves the conversations of a player with what they have not read: of their friends, their
 * groups, their lobby and their party. Those with unread messages come first on their page.
 */
final class ChatListPage {
  private static final String PATH = "/chat";
  private static final String UNREAD = "unread";

  private final Bus bus;

  ChatListPage(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router, PageRouter pages) {
    pages.getSignedIn(router, PATH, this::render);
  }

  private Future<PageResponse> render(PageRequest request) {
    PlayerId player = request.player();
    var friendList = new PageList(PATH, "friends");
    var groupList = new PageList(PATH, "groups");
    var me = bus.ask(new PlayerCommand.Find(player));
    var friends = bus.ask(new FriendCommand.ListOnlineFirst(player, friendList.requested(request)));
    var groups = bus.ask(new GroupQuery.ListOfPlayer(player, groupList.requested(request)));
    return Future.all(me, friends, groups)
        .compose(
            _ -> {
              var here = here(me.result());
              var ofFriends = counted(player, friends(player, friends.result()));
              var ofGroups = counted(player, groups(player, groups.result()));
              var ofRooms = counted(player, here);
              return Future.all(ofFriends, ofGroups, ofRooms)
                  .map(
                      _ -> {
                        var model = new HashMap<String, Object>();
                        model.put("title", Message.of("Chat"));
                        model.put("here", ofRooms.result());
                        model.put(
                            "friends",
                            friendList.view(
                                withItems(friends.result(), ofFriends.result()), row -> row));
                        model.put(
                            "groups",
                            groupList.view(
                                withItems(groups.result(), ofGroups.result()), row -> row));
                        return new PageResponse.Scripted(200, "chats", model);
                      });
            });
  }

  private static <T> Page<Map<String, Object>> withItems(
      Page<T> page, List<Map<String, Object>> items) {
    return new Page<>(items, page.number(), page.size(), page.total());
  }

  /** A conversation, and what its row shows. */
  private record Row(Conversation conversation, Map<String, Object> view) {}

  private static List<Row> friends(PlayerId player, Page<Friend> friends) {
    return friends.items().stream()
        .map(
            friend ->
                row(
                    player,
                    Conversation.direct(player, friend.other().id()),
                    PlayerView.of(friend.other())))
        .toList();
  }

  private static List<Row> groups(PlayerId player, Page<Group> groups) {
    return groups.items().stream()
        .map(
            group ->
                row(
                    player,
                    new Conversation(Kind.GROUP, group.id().value()),
                    named(Message.literal(group.title()))))
        .toList();
  }

  private static List<Row> here(Player me) {
    var rows = new ArrayList<Row>();
    var lobby = me.lobby();
    if (lobby != null) {
      rows.add(
          row(
              me.id(),
              new Conversation(Kind.LOBBY, lobby.value()),
              named(Message.of("Your lobby"))));
    }
    Long party = me.partyId();
    if (party != null) {
      rows.add(row(me.id(), new Conversation(Kind.PARTY, party), named(Message.of("Your party"))));
    }
    return rows;
  }

  private static Map<String, Object> named(Message name) {
    var view = new HashMap<String, Object>();
    view.put("name", name);
    view.put("online", false);
    return view;
  }

  private static Row row(PlayerId player, Conversation conversation, Map<String, Object> view) {
    view.put("path", PATH + "/" + ConversationPath.path(conversation, player));
    return new Row(conversation, view);
  }

  /** The rows with their numbers of unread messages; those that have some come first. */
  private Future<List<Map<String, Object>>> counted(PlayerId player, List<Row> rows) {
    if (rows.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return bus.ask(
            new ChatCommand.CountUnreadInAll(player, rows.stream().map(Row::conversation).toList()))
        .map(
            counts -> {
              var unread = new ArrayList<Map<String, Object>>();
              var read = new ArrayList<Map<String, Object>>();
              for (int i = 0; i < rows.size(); i++) {
                Map<String, Object> view = rows.get(i).view();
                view.put(UNREAD, counts.get(i));
                (counts.get(i) > 0 ? unread : read).add(view);
              }
              unread.addAll(read);
              return unread;
            });
  }
}
