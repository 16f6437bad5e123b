package dev.rookery.protocol.console;

import dev.rookery.base.Page;
import dev.rookery.bus.Bus;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.leaderboard.Board;
import dev.rookery.leaderboard.LeaderboardQuery;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The list of leaderboards and its export. */
final class LeaderboardListPages implements ConsoleSection {
  static final String PATH = "/admin/leaderboards";

  private static final String SLUG = "slug";
  private static final String TITLE = "title";
  private static final String DESCRIPTION = "description";
  private static final String ORDER = "sort_order";
  private static final String OPERATOR = "operator";
  private static final String STARTS = "starts_at";
  private static final String ENDS = "ends_at";
  private static final String METADATA = "metadata";
  private static final int PART = 100;
  private static final List<SearchQuery.Key> KEYS =
      List.of(SearchQuery.Key.oneOf("is", "active, or -is:active for ended ones", "active"));
  private static final List<String> COLUMNS =
      List.of(
          "id",
          SLUG,
          TITLE,
          DESCRIPTION,
          ORDER,
          OPERATOR,
          STARTS,
          ENDS,
          METADATA,
          "created_at",
          "updated_at");

  private final Bus bus;
  private final ListTools lists;
  private final InstantSource clock;

  LeaderboardListPages(Bus bus, ListTools lists, InstantSource clock) {
    this.bus = bus;
    this.lists = lists;
    this.clock = clock;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(
            MenuEntry.Group.CONTENT, "Leaderboards", PATH, "b", Permission.LEADERBOARDS_READ));
    console.page(PATH, Permission.LEADERBOARDS_READ, this::list);
    lists.register(console, PATH, this::select);
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    if (!list.search().isValid()) {
      return Future.succeededFuture(page(request, list, List.of(), 0));
    }
    return boards(list, list.page())
        .map(found -> page(request, list, found.items(), found.total()));
  }

  private static ListRequest listRequest(ListInput request) {
    return ListRequest.of(request, KEYS, true, List.of("ends"));
  }

  private Future<Page<Board>> boards(ListRequest list, Page.Request page) {
    SearchQuery search = list.search();
    var filter =
        new LeaderboardQuery.Filter(
            search.words(), search.flag("is", "active"), null, null, null, null);
    var order =
        list.sort().isEmpty()
            ? LeaderboardQuery.ListOrder.INSERTED_AT
            : LeaderboardQuery.ListOrder.ENDS_AT;
    return bus.ask(new LeaderboardQuery.ListBoards(filter, order, page));
  }

  private ListSelection<Board> select(ListInput request) {
    ListRequest list = listRequest(request);
    return new ListSelection<>(
        "leaderboards",
        Permission.LEADERBOARDS_READ,
        list.search().masked(KEYS),
        list.search().problems(),
        new ListSelection.Rows<>(
            new NumberedPages<>(PART, page -> boards(list, page)),
            board -> board.id().value(),
            COLUMNS,
            LeaderboardListPages::exported));
  }

  private static Map<String, Object> exported(Board board) {
    return Exports.row(
        "id",
        board.id().value(),
        SLUG,
        board.slug(),
        TITLE,
        board.title(),
        DESCRIPTION,
        board.description(),
        ORDER,
        LeaderboardPages.lower(board.sortOrder()),
        OPERATOR,
        LeaderboardPages.lower(board.operator()),
        STARTS,
        Exports.time(board.startsMs()),
        ENDS,
        Exports.time(board.endsMs()),
        METADATA,
        new JsonObject(board.metadata()).encode(),
        "created_at",
        Exports.time(board.createdMs()),
        "updated_at",
        Exports.time(board.updatedMs()));
  }

  private ConsoleView page(
      ConsoleRequest request, ListRequest list, List<Board> found, long total) {
    boolean edits = request.may(Permission.LEADERBOARDS_EDIT);
    var columns =
        List.of(
            Column.of("Leaderboard", 1),
            Column.of("State", 1),
            Column.of("Slug", 2),
            Column.of("Order", 3),
            Column.of("Operator", 3),
            Column.of("Starts", 4),
            Column.of("Ends", 2));
    long now = clock.millis();
    var rows = new ArrayList<Row>();
    for (Board board : found) {
      String id = Long.toString(board.id().value());
      rows.add(
          new Row(
              id,
              board.title(),
              List.of(
                  Cell.link(board.title(), PATH + "/" + id),
                  state(board, now),
                  Cell.code(board.slug()),
                  Cell.text(LeaderboardPages.lower(board.sortOrder())),
                  Cell.text(LeaderboardPages.lower(board.operator())),
                  Cell.time(board.startsMs()),
                  Cell.time(board.endsMs()))));
    }
    return new ListPage(
            ListPage.Search.of(list, KEYS, "A whole slug"),
            new ListView("list", "Leaderboards", columns, rows, edits),
            list.pager(total),
            "No leaderboards",
            "Create one here, or with POST /api/v1/admin/leaderboards.",
            edits ? List.of(new Action("Delete…", PATH + "/delete", 2)) : List.of(),
            edits ? List.of(new Link("New leaderboard", PATH + "/new")) : List.of(),
            lists.exports().links(request, list, PATH))
        .render("Leaderboards");
  }

  static Cell state(Board board, long now) {
    if (!board.isActive(now)) {
      return Cell.badge("ended", "");
    }
    return board.isCurrent(now) ? Cell.badge("running", "good") : Cell.badge("not begun", "warn");
  }
}
