package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.SavedView;
import dev.rookery.console.ViewCommand;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * Saved views: an admin names the search and the order of a list, for themselves or for all. They
 * are links on the page of the list and in the search of the console.
 */
final class ViewPages implements ConsoleSection {
  private static final String PATH = "/admin/views";
  private static final String PAGE = "page";
  private static final String NAME = "name";
  private static final String SHARED = "shared";

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
    console.pageForAll(PATH + "/:id", this::show);
    console.actionForAll(PATH + "/:id", this::change);
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
    String query = SavedView.query(request.field("q"), request.field("sort"));
    var save =
        new ViewCommand.Save(
            request.admin().player(),
            list,
            request.field(NAME).strip(),
            query,
            request.field(SHARED).equals("true"));
    return changes
        .make(
            request,
            save,
            "admin_save_view",
            "views",
            Changes.values("list", list, NAME, save.name(), SHARED, save.shared()))
        .map(_ -> ConsoleView.done(request.back(list), "view-saved"));
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    long view = request.id("id");
    return changes
        .make(
            request,
            new ViewCommand.Delete(request.admin().player(), view),
            "admin_delete_view",
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
                  List.of(
                      Column.of("View", 1),
                      Column.of("List", 2),
                      Column.of("For", 2),
                      Column.of("Change", 2));
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

  private static boolean isOwn(ConsoleRequest request, SavedView view) {
    return view.admin().equals(request.admin().player());
  }

  private static Row row(ConsoleRequest request, SavedView view) {
    boolean own = isOwn(request, view);
    return new Row(
        Long.toString(view.id()),
        view.name(),
        List.of(
            Cell.link(view.name(), view.href()),
            Cell.text(view.list()),
            view.shared() ? Cell.text("all admins") : Cell.text("you"),
            own ? Cell.link("Edit", path(view)) : Cell.text("")),
        own ? List.of(new Action("Delete", path(view) + "/delete", 0)) : List.of());
  }

  private static String path(SavedView view) {
    return PATH + "/" + view.id();
  }

  /** A view of the admin's own; others are changed by whom they are of. */
  private Future<SavedView> find(ConsoleRequest request) {
    long id = request.id("id");
    return bus.ask(new ViewCommand.ListViews(request.admin().player(), null))
        .map(
            views ->
                views.stream()
                    .filter(view -> view.id() == id && isOwn(request, view))
                    .findFirst()
                    .orElseThrow(() -> Refused.missing("view_not_found")));
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return find(request).map(view -> page(view, form(view)));
  }

  private static List<FormView.Field> fields(SavedView view) {
    return List.of(
        FormView.Field.of(NAME, "Name", "text", view.name()).needed(),
        FormView.Field.checkbox(SHARED, "For all admins", view.shared()));
  }

  private static FormView form(SavedView view) {
    return new FormView(path(view), "", fields(view), "Save", 0, PATH, List.of());
  }

  private static ConsoleView page(SavedView view, FormView form) {
    return new RecordPage(
            List.of(new Link("Saved views", PATH)),
            List.of(),
            List.of(new Link("Open the list", view.href())),
            List.of(),
            List.of(),
            List.of(Section.form("edit", "Edit", form)))
        .render(view.name());
  }

  private Future<ConsoleView> change(ConsoleRequest request) {
    return find(request)
        .compose(
            view ->
                new EditForm(request, "", fields(view))
                    .submit(
                        form(view),
                        again -> page(view, again),
                        typed -> change(request, view, typed)));
  }

  private Future<ConsoleView> change(ConsoleRequest request, SavedView view, EditForm typed) {
    return changes
        .make(
            request,
            new ViewCommand.Change(
                view.admin(), view.id(), typed.value(NAME).strip(), typed.flag(SHARED)),
            "admin_change_view",
            "views/" + view.id(),
            Changes.values(NAME, typed.value(NAME).strip(), SHARED, typed.flag(SHARED)))
        .map(_ -> ConsoleView.done(PATH, "view-saved"));
  }
}
