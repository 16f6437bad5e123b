package dev.rookery.protocol.console;

import dev.rookery.account.AccountCommand;
import dev.rookery.achievement.AchievementCommand;
import dev.rookery.achievement.AchievementStatus;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatCommand;
import dev.rookery.console.AuditEntry;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Permission;
import dev.rookery.friend.Friend;
import dev.rookery.friend.FriendCommand;
import dev.rookery.group.Group;
import dev.rookery.group.GroupQuery;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.player.Player;
import dev.rookery.player.Timeline;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.storage.StorageCommand;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tabs of the page of a player, from what the domains answer about the player. */
final class PlayerTabs {
  private static final int SHOWN_MAX = 50;
  private static final Page.Request FIRST = new Page.Request(1, SHOWN_MAX);

  private final Bus bus;
  private final Changes changes;

  private PlayerTabs(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  static List<PlayerTab> all(Bus bus, Changes changes) {
    var tabs = new PlayerTabs(bus, changes);
    return List.of(
        new PlayerTab("friends", "Friends", Permission.SOCIAL_READ, tabs::friends),
        new PlayerTab("groups", "Groups", Permission.SOCIAL_READ, tabs::groups),
        new PlayerTab("chat", "Chat", Permission.CHAT_READ, tabs::chat),
        new PlayerTab(
            "notifications", "Notifications", Permission.NOTIFICATIONS_READ, tabs::notifications),
        new PlayerTab(
            "achievements", "Achievements", Permission.ACHIEVEMENTS_READ, tabs::achievements),
        new PlayerTab("data", "Data", Permission.KV_READ, tabs::data),
        new PlayerTab("timeline", "Timeline", Permission.PLAYERS_READ, tabs::timeline),
        new PlayerTab("log", "Admin actions", Permission.AUDIT_READ, tabs::log));
  }

  private static Pager count(Page<?> page) {
    String more = page.total() > page.items().size() ? ", the first " + SHOWN_MAX + " shown" : "";
    return new Pager(Pager.exactly(page.total()) + more, "", "", "", "");
  }

  private Future<List<Section>> friends(ConsoleRequest request, Player player) {
    PlayerId id = player.id();
    var friends = bus.ask(new FriendCommand.ListFriends(id, FIRST));
    var requests = bus.ask(new FriendCommand.ListRequests(id, FIRST));
    var blocked = bus.ask(new FriendCommand.ListBlocked(id, FIRST));
    return Future.all(friends, requests, blocked)
        .map(
            _ ->
                List.of(
                    friends("friends", "Friends", friends.result(), "No friends."),
                    friends(
                        "incoming",
                        "Requests to the player",
                        requests.result().incoming(),
                        "No requests."),
                    friends(
                        "outgoing",
                        "Requests of the player",
                        requests.result().outgoing(),
                        "No requests."),
                    friends("blocked", "Blocked players", blocked.result(), "Nobody.")));
  }

  private static Section friends(String id, String title, Page<Friend> page, String empty) {
    var rows = new ArrayList<Row>();
    for (Friend friend : page.items()) {
      Player other = friend.other();
      rows.add(
          new Row(
              Long.toString(friend.friendship().id().value()),
              PlayerListPages.name(other),
              List.of(
                  Cell.player(other.displayName(), other.id().value()),
                  other.online() ? Cell.badge("online", "good") : Cell.badge("offline", ""),
                  Cell.time(friend.friendship().createdMs()))));
    }
    var columns = List.of(Column.of("Player", 1), Column.of("State", 2), Column.of("Since", 2));
    return Section.table(
        id, title, new ListView(id, title, columns, rows, false), count(page), empty);
  }

  private Future<List<Section>> groups(ConsoleRequest request, Player player) {
    return bus.ask(new GroupQuery.ListOfPlayer(player.id(), FIRST))
        .map(
            page -> {
              var rows = new ArrayList<Row>();
              for (Group group : page.items()) {
                String id = Long.toString(group.id().value());
                rows.add(
                    new Row(
                        id,
                        group.title(),
                        List.of(
                            Cell.link(group.title(), "/admin/groups/" + id),
                            Cell.text(GroupPages.name(group.type())),
                            Cell.number(group.members()))));
              }
              var columns =
                  List.of(Column.of("Group", 1), Column.of("Type", 2), Column.of("Members", 2));
              return List.of(
                  Section.table(
                      "groups",
                      "Groups",
                      new ListView("groups", "Groups", columns, rows, false),
                      count(page),
                      "The player is in no group."));
            });
  }

  private Future<List<Section>> chat(ConsoleRequest request, Player player) {
    var filter = new ChatCommand.Filter(player.id(), null, null, null, false);
    return changes
        .recordRead(request, "console_read_chat", "users/" + player.id().value(), Map.of())
        .compose(_ -> bus.ask(new ChatCommand.ListAll(filter, FIRST)))
        .map(
            page ->
                List.of(
                    Section.table(
                        "chat",
                        "Messages of the player",
                        ChatPages.table("chat", page.items(), request),
                        count(page),
                        "The player has written nothing.")));
  }

  private Future<List<Section>> notifications(ConsoleRequest request, Player player) {
    return bus.ask(new NotificationCommand.ListPage(player.id(), FIRST))
        .map(
            page ->
                List.of(
                    Section.table(
                        "notifications",
                        "Notifications to the player",
                        NotificationPages.table("notifications", page.items(), request),
                        count(page),
                        "No notifications.")));
  }

  private Future<List<Section>> achievements(ConsoleRequest request, Player player) {
    return bus.ask(new AchievementCommand.ListUnlocked(player.id(), FIRST))
        .map(
            page -> {
              var rows = new ArrayList<Row>();
              for (AchievementStatus status : page.items()) {
                var achievement = status.achievement();
                rows.add(
                    new Row(
                        Long.toString(achievement.id().value()),
                        achievement.title(),
                        List.of(
                            Cell.text(achievement.title()),
                            Cell.code(achievement.slug()),
                            Cell.time(status.unlockedMs()))));
              }
              var columns =
                  List.of(
                      Column.of("Achievement", 1), Column.of("Slug", 3), Column.of("Unlocked", 2));
              return List.of(
                  Section.table(
                      "achievements",
                      "Unlocked achievements",
                      new ListView("achievements", "Achievements", columns, rows, false),
                      count(page),
                      "Nothing is unlocked."));
            });
  }

  /** What admins did to the player, from the audit log. */
  private Future<List<Section>> log(ConsoleRequest request, Player player) {
    var filter =
        new AuditEntry.Filter(null, null, "users/" + player.id().value(), null, null, null);
    return bus.ask(new ConsoleCommand.ListAudit(filter, null, SHOWN_MAX))
        .map(
            entries -> {
              var rows = new ArrayList<Row>();
              for (AuditEntry entry : entries) {
                PlayerId by = entry.player();
                boolean done = entry.result().equals(AuditEntry.DONE);
                rows.add(
                    new Row(
                        entry.run() + "-" + entry.number(),
                        entry.action(),
                        List.of(
                            Cell.time(entry.atMs()),
                            by == null ? Cell.text("system") : Cell.player(null, by.value()),
                            Cell.code(entry.action()),
                            Cell.badge(entry.result(), done ? "good" : "warn"),
                            Cell.text(entry.reason()))));
              }
              var columns =
                  List.of(
                      Column.of("Time", 1),
                      Column.of("Admin", 1),
                      Column.of("Action", 1),
                      Column.of("Result", 2),
                      Column.of("Reason", 2));
              return List.of(
                  Section.table(
                      "log",
                      "What admins did to this player",
                      new ListView("log", "Admin actions", columns, rows, false),
                      new Pager("The latest " + SHOWN_MAX + " at most", "", "", "", ""),
                      "No admin has changed this player."));
            });
  }

  /** What happened to the player, as far as the domains have rows of it. */
  private Future<List<Section>> timeline(ConsoleRequest request, Player player) {
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    String cursor = request.query("after");
    String path = PlayerListPages.PATH + "/" + player.id().value() + "/timeline";
    return bus.ask(
            new AccountCommand.ReadTimeline(
                player.id(), cursor, request.may(Permission.AUDIT_READ), SHOWN_MAX))
        .map(
            page -> {
              var rows = new ArrayList<Row>();
              for (Timeline.Entry entry : page.entries()) {
                rows.add(
                    new Row(
                        Integer.toString(rows.size() + 1),
                        entry.text(),
                        List.of(
                            Cell.time(entry.atMs()),
                            Cell.badge(entry.kind().replace('_', ' '), ""),
                            Cell.text(entry.text()),
                            Cell.text(personal ? entry.personal() : ""))));
              }
              var columns =
                  List.of(
                      Column.of("Time", 1),
                      Column.of("Kind", 2),
                      Column.of("What", 1),
                      Column.of("From", 3));
              String next = page.next().isEmpty() ? "" : path + "?after=" + page.next();
              return List.of(
                  Section.table(
                      "timeline",
                      "Timeline",
                      new ListView("timeline", "Timeline", columns, rows, false),
                      new Pager("", "", cursor.isEmpty() ? "" : path, "", next),
                      "Nothing that is kept as rows has happened."));
            });
  }

  private Future<List<Section>> data(ConsoleRequest request, Player player) {
    var filter = new StorageCommand.Filter(player.id(), null, null, false);
    return bus.ask(new StorageCommand.Search(KvPages.COLLECTION, filter, FIRST))
        .map(
            page ->
                List.of(
                    Section.table(
                        "data",
                        "Key-value entries",
                        KvListPages.table("data", page.items(), false),
                        count(page),
                        "No entries.")));
  }
}
