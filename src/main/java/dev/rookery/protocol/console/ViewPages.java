package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.SavedView;
import dev.rookery.console.ViewCommand;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Saved views: an admin names the search and the order of a list, for themselves or for all. They
 * are links on the page of the list and in the search of the console.
 */
final class ViewPages implements ConsoleSection {
  private static final String PATH = "/admin/views";
  private static final String PAGE = "page";
  private static final Pattern LIST = Pattern.compile("/admin/[a-z][a-z0-9/-]{0,80}");
  private static final int QUERY_MAX = 1_000;

  private final Bus bus;
  private final Changes changes;

  ViewPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.pageForAll(PATH, this::list);
    console.actionForAll(PATH, this::save);
    console.actionForAll(PATH + "/:id/delete", this::delete);
    console.message("view-saved", "The view was saved.");
    console.message("view-deleted", "The view was deleted.");
  }

  /** Adds the views of a list to its page. */
  Future<ConsoleView> addTo(ConsoleRequest request, ConsoleView view) {
    if (!(view instanceof ConsoleView.Render(var status, var template, var title, var model))
        || !(model.get(PAGE) instanceof ListPage page)
        || request.part() != null
        || request.signedIn() == null) {
      return Future.succeededFuture(view);
    }
    return bus.ask(new ViewCommand.ListViews(request.admin().player(), page.search().path()))
        .map(
            views -> {
              var more = new HashMap<>(model);
              more.put(PAGE, page.withViews(views));
              return new ConsoleView.Render(status, template, title, more);
            });
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    String list = request.field("list");
    String query = query(request.field("q"), request.field("sort"));
    if (!LIST.matcher(list).matches() || query.length() > QUERY_MAX) {
      throw Refused.invalid("list", "is not a list of the console");
    }
    var save =
        new ViewCommand.Save(
            request.admin().player(),
            list,
            request.field("name").strip(),
            query,
            request.field("shared").equals("true"));
    return changes
        .make(
            request,
            save,
            "console_save_view",
            "views" + list.substring("/admin".length()),
            Changes.values("name", save.name(), "shared", save.shared()))
        .map(_ -> ConsoleView.done(request.back(list), "view-saved"));
  }

  private static String query(String search, String sort) {
    var query = new StringBuilder();
    add(query, "q", search);
    add(query, "sort", sort);
    return query.toString();
  }

  private static void add(StringBuilder query, String name, String value) {
    if (!value.isEmpty()) {
      query.append(query.isEmpty() ? '?' : '&').append(name).append('=');
      query.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    long view = request.id("id");
    return changes
        .make(
            request,
            new ViewCommand.Delete(request.admin().player(), view),
            "console_delete_view",
            "views/" + view)
        .map(_ -> ConsoleView.done(PATH, "view-deleted"));
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    return bus.ask(new ViewCommand.ListViews(request.admin().player(), null))
        .map(
            views -> {
              var rows = new ArrayList<Row>();
              for (SavedView view : views) {
                rows.add(row(request, view));
              }
              var columns =
                  List.of(Column.of("View", 1), Column.of("List", 2), Column.of("For", 2));
              return new ListPage(
                      ListPage.Search.of(list, List.of(), ""),
                      new ListView("list", "Saved views", columns, rows, false),
                      Pager.NONE,
                      "No saved views",
                      "Open a list, search, and save the search under a name.",
                      List.of(),
                      List.of(),
                      List.of())
                  .render("Saved views");
            });
  }

  private static Row row(ConsoleRequest request, SavedView view) {
    boolean own = view.admin().equals(request.admin().player());
    return new Row(
        Long.toString(view.id()),
        view.name(),
        List.of(
            Cell.link(view.name(), view.href()),
            Cell.text(view.list()),
            view.shared() ? Cell.text("all admins") : Cell.text("you")),
        own ? List.of(new Action("Delete", PATH + "/" + view.id() + "/delete", 0)) : List.of());
  }
}
