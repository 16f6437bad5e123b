package dev.rookery.protocol.console;

import dev.rookery.base.GroupId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupMember;
import dev.rookery.group.GroupQuery;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The members of a group, which its page shows: promote, demote, remove. */
final class GroupMemberPages implements ConsoleSection {
  private static final int SHOWN_MAX = 50;

  private final Bus bus;
  private final Changes changes;

  GroupMemberPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.action(
        GroupListPages.PATH + "/:id/members/:player/:role", Permission.SOCIAL_EDIT, this::change);
    console.message("group-member-changed", "The member was changed.");
  }

  private static GroupId id(ConsoleRequest request) {
    return new GroupId(request.id("id"));
  }

  private static String path(GroupId group) {
    return GroupListPages.PATH + "/" + group.value();
  }

  /** The members on the numbered page that is asked for. */
  Future<Section> section(ConsoleRequest request) {
    GroupId group = id(request);
    String path = path(group);
    String edit = request.may(Permission.SOCIAL_EDIT) ? path + "/members/" : "";
    return bus.ask(
            new GroupQuery.ListMembersOfAny(
                group, new Page.Request(ListRequest.number(request), SHOWN_MAX)))
        .map(
            found ->
                Section.table(
                    "members",
                    "Members",
                    table(found.items(), edit),
                    Pager.numbered(path, found),
                    "Nobody is in this group."));
  }

  private static ListView table(List<GroupMember> members, String edit) {
    var rows = new ArrayList<Row>();
    for (GroupMember member : members) {
      String id = Long.toString(member.player().id().value());
      boolean admin = member.membership().role().isAdmin();
      List<Action> actions =
          edit.isEmpty()
              ? List.of()
              : List.of(
                  admin
                      ? new Action("Demote", edit + id + "/demote", 1)
                      : new Action("Promote", edit + id + "/promote", 1),
                  new Action("Remove", edit + id + "/remove", 1));
      rows.add(
          new Row(
              id,
              PlayerListPages.name(member.player()),
              List.of(
                  Cell.player(member.player().displayName(), member.player().id().value()),
                  Cell.text(member.membership().role().name().toLowerCase(Locale.ROOT)),
                  Cell.time(member.membership().joinedMs())),
              actions));
    }
    var columns = List.of(Column.of("Player", 1), Column.of("Role", 2), Column.of("Joined", 2));
    return new ListView("members", "Members", columns, rows, false);
  }

  private Future<ConsoleView> change(ConsoleRequest request) {
    GroupId group = id(request);
    var player = new PlayerId(request.id("player"));
    String path = path(group);
    String member = "groups/" + group.value() + "/members/" + player.value();
    return Confirmation.level1(
            "Change player " + player.value() + "?",
            "The player and the members of the group see the change.",
            "Change the member")
        .ask(
            request,
            path,
            ConsoleView.done(path, "group-member-changed"),
            () ->
                switch (request.path("role")) {
                  case "remove" ->
                      changes.make(
                          request,
                          new GroupCommand.RemoveMember(group, player),
                          "admin_remove_group_member",
                          member);
                  case "promote" -> changeRole(request, group, player, true, member);
                  case "demote" -> changeRole(request, group, player, false, member);
                  default -> Future.failedFuture(Refused.missing("page_not_found"));
                });
  }

  private Future<?> changeRole(
      ConsoleRequest request, GroupId group, PlayerId player, boolean admin, String member) {
    return changes.make(
        request,
        new GroupCommand.ChangeRole(group, player, admin),
        "admin_change_group_member",
        member,
        Changes.values("role", admin ? "admin" : "member"));
  }
}
