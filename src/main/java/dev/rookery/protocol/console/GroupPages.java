package dev.rookery.protocol.console;

import dev.rookery.base.GroupId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.Permission;
import dev.rookery.group.Group;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupMember;
import dev.rookery.group.GroupQuery;
import dev.rookery.group.GroupType;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Groups: list, members, settings, delete. */
final class GroupPages implements ConsoleSection {
  static final String PATH = "/admin/groups";

  private static final String GROUP = PATH + "/:id";
  private static final String TITLE = "title";
  private static final String DESCRIPTION = "description";
  private static final String TYPE = "type";
  private static final String MEMBERS_MAX = "max_members";
  private static final String METADATA = "metadata";
  private static final String SLOWDOWN = "slowdown";
  private static final int MEMBERS_SHOWN_MAX = 50;
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          new SearchQuery.Key(
              TYPE,
              "public, private or hidden",
              Set.of("public", "private", "hidden"),
              false,
              false,
              false),
          SearchQuery.Key.of("size", "the most members that it can have"));
  private static final List<String> COLUMNS =
      List.of(
          "id",
          TITLE,
          DESCRIPTION,
          TYPE,
          "members",
          MEMBERS_MAX,
          "creator_id",
          SLOWDOWN,
          METADATA,
          "created_at",
          "updated_at");

  private final Bus bus;
  private final Changes changes;
  private final ListTools lists;

  GroupPages(Bus bus, Changes changes, ListTools lists) {
    this.bus = bus;
    this.changes = changes;
    this.lists = lists;
  }

  static String name(GroupType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.PLAYERS, "Groups", PATH, null, Permission.SOCIAL_READ));
    console.page(PATH, Permission.SOCIAL_READ, this::list);
    lists.register(
        console,
        PATH,
        this::select,
        BulkOffer.of(
            "Delete",
            "groups",
            "Their members, invites and messages are gone, too. This cannot be undone.",
            new BulkAction(
                Permission.SOCIAL_EDIT,
                "admin_delete_group",
                "groups",
                true,
                (group, _, _, _) -> new GroupCommand.Delete(new GroupId(group)))));
    console.action(PATH + "/delete", Permission.SOCIAL_EDIT, this::deleteSelected);
    console.page(GROUP, Permission.SOCIAL_READ, this::show);
    console.page(GROUP + "/edit", Permission.SOCIAL_EDIT, this::edit);
    console.action(GROUP + "/edit", Permission.SOCIAL_EDIT, this::save);
    console.action(GROUP + "/delete", Permission.SOCIAL_EDIT, this::delete);
    console.action(GROUP + "/members/:player/:role", Permission.SOCIAL_EDIT, this::changeMember);
    console.message("group-saved", "The group was saved.");
    console.message("group-deleted", "The group was deleted.");
    console.message("groups-deleted", "The selected groups were deleted.");
    console.message("group-member-changed", "The member was changed.");
  }

  private static GroupQuery.Order order(String sort) {
    return switch (sort) {
      case "title" -> GroupQuery.Order.TITLE;
      case "-title" -> GroupQuery.Order.TITLE_DESCENDING;
      case "updated" -> GroupQuery.Order.UPDATED_FIRST;
      case "-updated" -> GroupQuery.Order.UPDATED_LAST;
      case "size" -> GroupQuery.Order.SMALLEST;
      case "-size" -> GroupQuery.Order.LARGEST;
      case "created" -> GroupQuery.Order.OLDEST;
      default -> GroupQuery.Order.NEWEST;
    };
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    if (!list.search().isValid()) {
      return Future.succeededFuture(page(request, list, List.of(), 0));
    }
    return bus.ask(new GroupQuery.ListAll(filter(list), list.page()))
        .map(found -> page(request, list, found.items(), found.total()));
  }

  private static ListRequest listRequest(ConsoleRequest request) {
    return ListRequest.of(request, KEYS, true, List.of(TITLE, "updated", "size", "created"));
  }

  private static GroupQuery.Filter filter(ListRequest list) {
    SearchQuery search = list.search();
    String type = search.value(TYPE);
    Long size = search.number("size");
    @Nullable Integer exactly = size == null ? null : Math.clamp(size, 0, 1_000_000);
    return new GroupQuery.Filter(
        search.words(),
        type == null ? null : GroupType.valueOf(type.toUpperCase(Locale.ROOT)),
        exactly,
        exactly,
        null,
        null,
        order(list.sort()));
  }

  private ListSelection<Group> select(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    return new ListSelection<>(
        list,
        "groups",
        Permission.SOCIAL_READ,
        list.search().masked(KEYS),
        new ListSelection.Rows<>(
            (last, max) -> bus.ask(new GroupQuery.ListAfter(filter(list), last, max)),
            group -> group.id().value(),
            COLUMNS,
            GroupPages::exported));
  }

  private static Map<String, Object> exported(Group group) {
    PlayerId creator = group.creator();
    return Exports.row(
        "id",
        group.id().value(),
        TITLE,
        group.title(),
        DESCRIPTION,
        group.description(),
        TYPE,
        name(group.type()),
        "members",
        group.members(),
        MEMBERS_MAX,
        group.membersMax(),
        "creator_id",
        creator == null ? null : creator.value(),
        SLOWDOWN,
        group.slowdownSeconds(),
        METADATA,
        new JsonObject(group.metadata()).encode(),
        "created_at",
        Exports.time(group.createdMs()),
        "updated_at",
        Exports.time(group.updatedMs()));
  }

  private ConsoleView page(
      ConsoleRequest request, ListRequest list, List<Group> found, long total) {
    boolean edits = request.may(Permission.SOCIAL_EDIT);
    var columns =
        List.of(
            list.column("Group", 1, TITLE, false),
            Column.of("Type", 2),
            list.column("Members", 1, "size", true),
            Column.of("Creator", 3),
            list.column("Created", 3, "created", true),
            list.column("Updated", 4, "updated", true));
    var rows = new ArrayList<Row>();
    for (Group group : found) {
      String id = Long.toString(group.id().value());
      PlayerId creator = group.creator();
      rows.add(
          new Row(
              id,
              group.title(),
              List.of(
                  Cell.link(group.title(), PATH + "/" + id),
                  Cell.text(name(group.type())),
                  Cell.text(group.members() + " of " + group.membersMax()),
                  creator == null
                      ? Cell.text("")
                      : Cell.player(group.creatorName(), creator.value()),
                  Cell.time(group.createdMs()),
                  Cell.time(group.updatedMs()))));
    }
    return new ListPage(
            ListPage.Search.of(list, KEYS, "Beginning of the title"),
            new ListView("list", "Groups", columns, rows, edits),
            list.pager(total),
            "No groups",
            "Players create groups with POST /api/v1/groups.",
            edits ? List.of(new Action("Delete…", PATH + "/delete", 2)) : List.of(),
            List.of(),
            List.of())
        .with(lists.bulk().buttons(request, list, PATH))
        .render("Groups");
  }

  private static GroupId id(ConsoleRequest request) {
    return new GroupId(request.id("id"));
  }

  private static String path(GroupId group) {
    return PATH + "/" + group.value();
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    var group = bus.ask(new GroupQuery.Find(id(request)));
    var members =
        bus.ask(
            new GroupQuery.ListMembersOfAny(
                id(request), new Page.Request(page(request), MEMBERS_SHOWN_MAX)));
    return Future.all(group, members).map(_ -> show(request, group.result(), members.result()));
  }

  private static int page(ConsoleRequest request) {
    Long page = SearchQuery.parse(request.query("page"));
    return page == null ? 1 : Math.clamp(page, 1, 1_000_000);
  }

  private ConsoleView show(ConsoleRequest request, Group group, Page<GroupMember> members) {
    String path = path(group.id());
    PlayerId creator = group.creator();
    var facts =
        List.of(
            Fact.of("Id", Cell.code(Long.toString(group.id().value()))),
            Fact.of("Title", Cell.text(group.title())),
            Fact.of("Description", Cell.text(group.description())),
            Fact.of("Type", Cell.text(name(group.type()))),
            Fact.of("Members", Cell.text(group.members() + " of " + group.membersMax())),
            Fact.of(
                "Creator",
                creator == null
                    ? Cell.text("deleted")
                    : Cell.player(group.creatorName(), creator.value())),
            Fact.of("Slow mode", Cell.text(group.slowdownSeconds() + " s")),
            Fact.of("Created", Cell.time(group.createdMs())),
            Fact.of("Updated", Cell.time(group.updatedMs())));
    boolean edits = request.may(Permission.SOCIAL_EDIT);
    int number = members.number();
    long shown = (long) number * members.size();
    var pager =
        new Pager(
            Pager.exactly(members.total()),
            "",
            "",
            number > 1 ? path + "?page=" + (number - 1) : "",
            shown < members.total() ? path + "?page=" + (number + 1) : "");
    return record(
        request,
        group,
        List.of(
            Section.facts("group", "Group", facts),
            Section.text(
                "metadata",
                "Metadata",
                group.metadata().isEmpty()
                    ? ""
                    : new JsonObject(group.metadata()).encodePrettily()),
            Section.table(
                "members",
                "Members",
                members(members.items(), edits ? path + "/members/" : ""),
                pager,
                "Nobody is in this group.")));
  }

  private static ListView members(List<GroupMember> members, String edit) {
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

  private ConsoleView record(ConsoleRequest request, Group group, List<Section> sections) {
    boolean edits = request.may(Permission.SOCIAL_EDIT);
    String path = path(group.id());
    return new RecordPage(
            List.of(new Link("Groups", PATH)),
            List.of(Cell.badge(name(group.type()), "")),
            ExplorerPages.withApi(
                request,
                edits ? List.of(new Link("Edit", path + "/edit")) : List.of(),
                "admin_get_group",
                group.id().value()),
            edits ? List.of(new Action("Delete…", path + "/delete", 2)) : List.of(),
            List.of(),
            sections)
        .render(group.title());
  }

  private static List<FormView.Field> fields(Group group) {
    return List.of(
        FormView.Field.of(TITLE, "Title", "text", group.title()).needed(),
        FormView.Field.of(DESCRIPTION, "Description", "textarea", group.description()),
        FormView.Field.select(
            TYPE,
            "Type",
            name(group.type()),
            Arrays.stream(GroupType.values()).map(GroupPages::name).toList()),
        FormView.Field.of(
            MEMBERS_MAX, "Most members", "number", Integer.toString(group.membersMax())),
        FormView.Field.of(
            SLOWDOWN,
            "Slow mode, seconds between messages",
            "number",
            Integer.toString(group.slowdownSeconds())),
        FormView.Field.of(
            METADATA,
            "Metadata",
            "json",
            group.metadata().isEmpty() ? "" : new JsonObject(group.metadata()).encodePrettily()));
  }

  /** A group has no revision; the time of its last change tells the same to an editor. */
  private static EditForm editForm(ConsoleRequest request, Group group) {
    return new EditForm(request, Long.toString(group.updatedMs()), fields(group));
  }

  private static FormView form(Group group, EditForm edit) {
    String path = path(group.id());
    return new FormView(path + "/edit", edit.revision(), fields(group), "Save", 0, path, List.of());
  }

  private ConsoleView editPage(ConsoleRequest request, Group group, FormView form) {
    return record(request, group, List.of(Section.form("edit", "Edit", form)));
  }

  private Future<ConsoleView> edit(ConsoleRequest request) {
    return bus.ask(new GroupQuery.Find(id(request)))
        .map(group -> editPage(request, group, form(group, editForm(request, group))));
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return bus.ask(new GroupQuery.Find(id(request)))
        .compose(
            group -> {
              EditForm edit = editForm(request, group);
              return edit.submit(
                  form(group, edit),
                  again -> editPage(request, group, again),
                  typed -> save(request, group.id(), typed),
                  () -> save(request));
            });
  }

  private Future<ConsoleView> save(ConsoleRequest request, GroupId group, EditForm typed) {
    var settings =
        new GroupCommand.Settings(
            typed.changed(TITLE),
            typed.changed(DESCRIPTION),
            typed.changed(TYPE),
            typed.changed(MEMBERS_MAX) == null ? null : typed.integer(MEMBERS_MAX),
            typed.changed(METADATA) == null ? null : typed.object(METADATA),
            typed.changed(SLOWDOWN) == null ? null : typed.integer(SLOWDOWN));
    return changes
        .make(
            request,
            new GroupCommand.UpdateAny(group, settings, typed.expected()),
            "admin_update_group",
            "groups/" + group.value(),
            Changes.values(
                TITLE, settings.title(),
                DESCRIPTION, settings.description(),
                TYPE, settings.type(),
                MEMBERS_MAX, settings.membersMax(),
                METADATA, settings.metadata(),
                SLOWDOWN, settings.slowdownSeconds()))
        .map(_ -> ConsoleView.done(path(group), "group-saved"));
  }

  private Future<?> delete(ConsoleRequest request, long id) {
    return changes.make(
        request,
        new GroupCommand.Delete(new GroupId(id)),
        "admin_delete_group",
        "groups/" + id,
        Map.of());
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    return bus.ask(new GroupQuery.Find(id(request)))
        .compose(
            group ->
                Confirmation.level2(
                        "Delete " + group.title() + "?",
                        "The group, its chat and the memberships of "
                            + group.members()
                            + " players are deleted.",
                        "Delete the group",
                        group.title())
                    .ask(
                        request,
                        path(group.id()),
                        () ->
                            delete(request, group.id().value())
                                .map(_ -> ConsoleView.done(PATH, "group-deleted"))));
  }

  private Future<ConsoleView> deleteSelected(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "Delete",
            "groups",
            "The groups, their chats and all memberships are deleted.",
            "groups-deleted",
            id -> delete(request, id));
  }

  /** In the name of a group's owner or admin, because that is whom the group's rules know. */
  private Future<ConsoleView> changeMember(ConsoleRequest request) {
    GroupId group = id(request);
    var player = new PlayerId(request.id("player"));
    String verb = request.path("role");
    return Confirmation.level1(
            "Change player " + player.value() + "?",
            "The player and the members of the group see the change.",
            "Change the member")
        .ask(
            request,
            path(group),
            () ->
                bus.ask(
                        new GroupQuery.ListMembersOfAny(
                            group, new Page.Request(1, MEMBERS_SHOWN_MAX)))
                    .compose(members -> changeMember(request, group, player, verb, members)));
  }

  private Future<ConsoleView> changeMember(
      ConsoleRequest request,
      GroupId group,
      PlayerId player,
      String verb,
      Page<GroupMember> members) {
    @Nullable PlayerId admin =
        members.items().stream()
            .filter(member -> member.membership().role().isAdmin())
            .map(member -> member.player().id())
            .filter(id -> !id.equals(player))
            .findFirst()
            .orElse(null);
    GroupCommand<?> command;
    if (verb.equals("remove")) {
      command = new GroupCommand.Remove(player, group);
    } else if (admin == null) {
      return Future.failedFuture(Refused.conflict("the_only_admin"));
    } else if (verb.equals("promote")) {
      command = new GroupCommand.Promote(admin, group, player);
    } else if (verb.equals("demote")) {
      command = new GroupCommand.Demote(admin, group, player);
    } else {
      return Future.failedFuture(Refused.missing("page_not_found"));
    }
    return changes
        .make(
            request,
            command,
            "admin_change_group_member",
            "groups/" + group.value(),
            Changes.values("user_id", player.value(), "change", verb))
        .map(_ -> ConsoleView.done(path(group), "group-member-changed"));
  }
}
