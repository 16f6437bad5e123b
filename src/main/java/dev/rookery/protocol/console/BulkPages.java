package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Actor;
import dev.rookery.console.AdminLists;
import dev.rookery.console.BulkActions;
import dev.rookery.console.BulkCommand;
import dev.rookery.console.BulkJob;
import dev.rookery.console.BulkJob.RowState;
import dev.rookery.console.BulkJob.State;
import dev.rookery.console.BulkSelector;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Actions on all rows that match a search, as jobs: the rows are counted, then the admin confirms
 * their number, and then it is done to one after the other. Admins who may do it to one row may do
 * it to all.
 */
final class BulkPages implements ConsoleSection {
  static final String PATH = "/admin/bulk";

  private static final String JOB = PATH + "/:job";
  private static final String ROOT = "/admin/";
  private static final List<String> COLUMNS = List.of("place", "id", "result", "code");

  private final Bus bus;
  private final Changes changes;
  private final Exports exports;
  private final BulkActions actions;
  private final BulkSelector selector;

  /** By the path of the list and the name of the offer. */
  private final Map<String, BulkOffer> offers = new LinkedHashMap<>();

  BulkPages(Bus bus, Changes changes, Exports exports, AdminLists lists) {
    this.bus = bus;
    this.changes = changes;
    this.exports = exports;
    this.actions = lists.actions();
    this.selector = lists.selector();
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.CODE, "Bulk jobs", PATH, null, Permission.JOBS_READ));
    console.pageForAll(PATH, this::list);
    console.pageForAll(JOB, this::show);
    console.page(JOB + "/export", Permission.PLAYERS_EXPORT, this::export);
    console.actionForAll(JOB + "/cancel", this::cancel);
    console.message("job-started", "The job was started.");
    console.message("job-cancelled", "The job was cancelled. What was done stays done.");
  }

  /** Registers what a list offers to do with all rows that match. */
  <T> void offer(
      ConsoleRouter console,
      String path,
      Function<ListInput, ListSelection<T>> selection,
      BulkOffer... offered) {
    for (BulkOffer offer : offered) {
      String action = action(path, offer);
      offers.put(action, offer);
      actions.register(action, offer.action());
      Permission permission = offer.action().permission();
      console.action(
          path + "/all-" + offer.name(),
          permission,
          request -> select(request, path, action, selection.apply(request)));
      console.action(JOB + "/" + action, permission, request -> start(request, action, offer));
    }
  }

  private static String action(String path, BulkOffer offer) {
    return path.substring(ROOT.length()).replace('/', '-') + "." + offer.name();
  }

  /** The buttons of a list for all rows that match, as far as the admin may press them. */
  List<Action> buttons(ConsoleRequest request, ListRequest list, String path) {
    String prefix = path.substring(ROOT.length()).replace('/', '-') + ".";
    return offers.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(Map.Entry::getValue)
        .filter(offer -> request.may(offer.action().permission()))
        .map(
            offer ->
                new Action(offer.label(), list.urlOf(path + "/all-" + offer.name(), "size", ""), 0))
        .toList();
  }

  private <T> Future<ConsoleView> select(
      ConsoleRequest request, String path, String action, ListSelection<T> selection) {
    if (!request.may(selection.reads())) {
      return Future.succeededFuture(ConsoleProblem.noPermission(selection.reads()).view());
    }
    if (!selection.isValid()) {
      return Future.succeededFuture(new ConsoleView.Redirect(ListRequest.back(request, path)));
    }
    var select = new BulkCommand.Select(request.admin().player(), path, action, selection.query());
    return selector
        .select(
            bus,
            () ->
                changes.make(
                    request,
                    select,
                    "console_select_rows",
                    selection.area(),
                    Map.of("action", action, "query", selection.query())),
            selection.rows())
        .map(job -> new ConsoleView.Redirect(path(job)));
  }

  static String path(BulkJob job) {
    return PATH + "/" + job.id();
  }

  private static @Nullable PlayerId visible(ConsoleRequest request) {
    return BulkProgress.visible(request.admin());
  }

  private Future<BulkJob> find(ConsoleRequest request) {
    return bus.ask(new BulkCommand.Find(request.id("job"), visible(request)));
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    return bus.ask(
            new BulkCommand.ListJobs(
                visible(request), SearchQuery.parse(list.after()), list.size() + 1))
        .map(
            found -> {
              var keyset = Keyset.of(list, found, job -> Long.toString(job.id()));
              var rows = new ArrayList<Row>();
              for (BulkJob job : keyset.items()) {
                rows.add(
                    new Row(
                        Long.toString(job.id()),
                        "job " + job.id(),
                        List.of(
                            Cell.link(title(job), path(job)),
                            BulkJobSections.state(job),
                            Cell.text(BulkJobSections.progress(job)),
                            Cell.player(null, job.admin().value()),
                            Cell.time(job.createdMs()))));
              }
              var columns =
                  List.of(
                      Column.of("Job", 1),
                      Column.of("State", 1),
                      Column.of("Rows", 2),
                      Column.of("Admin", 2),
                      Column.of("Created", 2));
              Pager links = keyset.pager(list, 0);
              return new ListPage(
                      ListPage.Search.of(list, List.of(), ""),
                      new ListView("list", "Bulk jobs", columns, rows, false),
                      new Pager("", "", links.first(), "", links.next()),
                      "No jobs",
                      "They begin on a list, with an action on all rows that match.",
                      List.of(),
                      List.of(),
                      List.of())
                  .render("Bulk jobs");
            });
  }

  private String title(BulkJob job) {
    BulkOffer offer = offers.get(job.action());
    return offer == null
        ? job.action()
        : offer.verb() + " " + BulkJobSections.count(job.counts().total()) + " " + offer.things();
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return find(request).compose(job -> show(request, job, startForm(job)));
  }

  /** The form that starts the job; none unless it is ready. */
  private FormView startForm(BulkJob job) {
    BulkOffer offer = offers.get(job.action());
    return offer == null || job.state() != State.READY
        ? FormView.NONE
        : new FormView(
            path(job) + "/" + job.action(),
            "",
            offer.fields(),
            title(job) + "…",
            2,
            job.list(),
            List.of());
  }

  private Future<ConsoleView> show(ConsoleRequest request, BulkJob job, FormView form) {
    RowState only = rowState(request.query("result"));
    Long after = SearchQuery.parse(request.query("after"));
    return bus.ask(
            new BulkCommand.ListRows(
                job.id(), only, after == null ? 0 : after, BulkJobSections.ROWS_SHOWN + 1))
        .map(
            rows -> {
              RecordPage page = page(request, job, form, only, rows);
              return job.state().isFinished()
                  ? page.render(title(job))
                  : page.renderLive(title(job), BulkProgress.topic(job), BulkProgress.version(job));
            });
  }

  private static @Nullable RowState rowState(String text) {
    for (RowState state : RowState.values()) {
      if (state.text().equals(text)) {
        return state;
      }
    }
    return null;
  }

  private RecordPage page(
      ConsoleRequest request,
      BulkJob job,
      FormView form,
      @Nullable RowState only,
      List<BulkJob.Row> rows) {
    boolean own = job.admin().equals(request.admin().player());
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("job", "Job", BulkJobSections.facts(job)));
    BulkOffer offer = offers.get(job.action());
    if (own && offer != null && !form.action().isEmpty()) {
      sections.add(
          Section.form("start", title(job) + "?", form)
              .withNote(offer.consequence() + " Rows that came later are not in it."));
    }
    sections.add(BulkJobSections.rows(job, only, rows));
    var links = new ArrayList<Link>();
    if (!job.state().isFinished()) {
      links.add(new Link("Refresh", request.uri()));
    }
    if (request.may(Permission.PLAYERS_EXPORT)) {
      links.add(new Link("CSV", path(job) + "/export?format=csv"));
      links.add(new Link("NDJSON", path(job) + "/export?format=ndjson"));
    }
    return new RecordPage(
        List.of(new Link("Bulk jobs", PATH)),
        List.of(BulkJobSections.state(job)),
        links,
        own && !job.state().isFinished()
            ? List.of(new Action("Cancel", path(job) + "/cancel", 0))
            : List.of(),
        List.of(),
        sections);
  }

  private Future<ConsoleView> start(ConsoleRequest request, String action, BulkOffer offer) {
    return bus.ask(new BulkCommand.Find(request.id("job"), request.admin().player()))
        .compose(
            job -> {
              if (!job.action().equals(action)) {
                throw Refused.missing("job_not_found");
              }
              if (job.state() != State.READY) {
                throw Refused.conflict("job_not_ready");
              }
              return bus.ask(
                      new BulkCommand.ListRows(job.id(), null, 0, BulkJobSections.ROWS_SHOWN + 1))
                  .compose(
                      rows ->
                          new EditForm(request, "", offer.fields())
                              .submit(
                                  startForm(job),
                                  again -> page(request, job, again, null, rows).render(title(job)),
                                  typed ->
                                      confirm(
                                          request,
                                          job,
                                          offer,
                                          offer.action().input().read(typed::value))));
            });
  }

  private Future<ConsoleView> confirm(
      ConsoleRequest request, BulkJob job, BulkOffer offer, Map<String, Object> input) {
    long total = job.counts().total();
    Permission permission = Objects.requireNonNull(request.permission());
    String wait =
        offer.delay().isZero()
            ? ""
            : " It begins in " + offer.delay().toSeconds() + " s, until then you can cancel it.";
    return Confirmation.level2(
            title(job) + "?", offer.consequence() + wait, title(job), Long.toString(total))
        .ask(
            request,
            path(job),
            ConsoleView.done(path(job), "job-started"),
            () ->
                changes.make(
                    request,
                    new BulkCommand.Start(
                        job.id(),
                        Actor.of(request.admin(), permission, request.field("_reason")),
                        input,
                        total,
                        offer.delay().toMillis()),
                    "console_start_job",
                    target(job.id()),
                    Changes.values("action", job.action(), "query", job.query(), "total", total)));
  }

  private Future<ConsoleView> cancel(ConsoleRequest request) {
    long job = request.id("job");
    return changes
        .make(
            request,
            new BulkCommand.Cancel(job, request.admin().player()),
            "console_cancel_job",
            target(job))
        .map(cancelled -> ConsoleView.done(path(cancelled), "job-cancelled"));
  }

  private static String target(long job) {
    return "jobs/" + job;
  }

  private Future<ConsoleView> export(ConsoleRequest request) {
    return find(request)
        .compose(
            job ->
                exports.send(
                    request,
                    path(job),
                    new ListSelection<>(
                        "jobs",
                        Permission.PLAYERS_EXPORT,
                        target(job.id()) + " " + job.query(),
                        List.of(),
                        rows(job))));
  }

  private ListSelection.Rows<BulkJob.Row> rows(BulkJob job) {
    return new ListSelection.Rows<>(
        (last, max) ->
            bus.ask(new BulkCommand.ListRows(job.id(), null, last == null ? 0 : last.place(), max)),
        BulkJob.Row::place,
        COLUMNS,
        row ->
            Exports.row(
                "place", row.place(),
                "id", row.row(),
                "result", row.state().text(),
                "code", row.code()));
  }
}
