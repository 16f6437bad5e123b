package dev.rookery.protocol.console;

import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.group.Group;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupQuery;
import dev.rookery.group.GroupType;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The list of groups, its export, and what can be done with many of them. */
final class GroupListPages implements ConsoleSection {
  static final String PATH = "/admin/groups";

  private static final String TITLE = "title";
  private static final String DESCRIPTION = "description";
  private static final String TYPE = "type";
  private static final String MEMBERS_MAX = "max_members";
  private static final String METADATA = "metadata";
  private static final String SLOWDOWN = "slowdown";
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
  private final ListTools lists;

  GroupListPages(Bus bus, ListTools lists) {
    this.bus = bus;
    this.lists = lists;
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

  private static ListRequest listRequest(ListInput request) {
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

  private ListSelection<Group> select(ListInput request) {
    ListRequest list = listRequest(request);
    return new ListSelection<>(
        "groups",
        Permission.SOCIAL_READ,
        list.search().masked(KEYS),
        list.search().problems(),
        new ListSelection.Rows<>(
            (last, max) -> bus.ask(new GroupQuery.ListAfter(filter(list), last, max)),
            group -> group.id().value(),
            COLUMNS,
            GroupListPages::exported));
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
        GroupPages.name(group.type()),
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
                  Cell.text(GroupPages.name(group.type())),
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
            lists.exports().links(request, list, PATH))
        .with(lists.bulk().buttons(request, list, PATH))
        .render("Groups");
  }
}
