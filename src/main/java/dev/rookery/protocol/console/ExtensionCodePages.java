package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.consumer.ParkedEvent;
import dev.rookery.extensionhost.ExtensionCommand;
import dev.rookery.extensionhost.ExtensionCommand.HookFigures;
import dev.rookery.extensionhost.ExtensionCommand.Job;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an extension runs beside functions: hooks, with parked changes, and schedules. */
final class ExtensionCodePages implements ConsoleSection {
  private static final String PARKED = ExtensionPages.EXTENSION + "/parked";
  private static final String SCHEDULES = ExtensionPages.EXTENSION + "/schedules";
  static final List<Column> JOB_COLUMNS =
      List.of(
          Column.of("Job", 1),
          Column.of("Result", 1),
          Column.of("Next", 2),
          Column.of("Last", 2),
          Column.of("Took", 3),
          Column.of("Schedule", 3));

  private final Bus bus;
  private final Changes changes;

  ExtensionCodePages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(ExtensionPages.EXTENSION + "/hooks", Permission.EXTENSIONS_READ, this::hooks);
    console.page(PARKED, Permission.EXTENSIONS_READ, this::parked);
    console.action(PARKED + "/:id/retry", Permission.EXTENSIONS_CONFIG, this::retry);
    console.action(PARKED + "/:id/drop", Permission.EXTENSIONS_CONFIG, this::drop);
    console.page(SCHEDULES, Permission.JOBS_READ, this::schedules);
    console.action(SCHEDULES + "/:job/run", Permission.JOBS_RUN, this::runJob);
    console.message("parked-retried", "The hooks were run again after the change.");
    console.message("parked-dropped", "The change was given up.");
    console.message("job-started", "The job runs now.");
  }

  private Future<ConsoleView> hooks(ConsoleRequest request) {
    return bus.ask(new ExtensionCommand.ListHooks(ExtensionPages.name(request)))
        .map(
            hooks ->
                ExtensionPages.page(
                    request,
                    "hooks",
                    List.of(
                        Section.table(
                                "hooks",
                                "Hooks",
                                hookTable(hooks),
                                Pager.NONE,
                                "The version that runs here has no hooks.")
                            .withNote(
                                "The figures are those of the node that answers, since this"
                                    + " version runs there. Hooks before a change run in the order"
                                    + " in which the extension adds them.")),
                    "Hooks of " + ExtensionPages.name(request)));
  }

  private static ListView hookTable(List<HookFigures> hooks) {
    var columns =
        List.of(
            Column.of("Point", 1),
            Column.of("When", 1),
            Column.of("Hooks", 2),
            Column.of("Calls", 2),
            Column.of("Refusals", 2),
            Column.of("Failures", 2),
            Column.of("Time per call", 3));
    var rows = new ArrayList<Row>();
    for (HookFigures hook : hooks) {
      String point = hook.point().toLowerCase(Locale.ROOT);
      boolean before = hook.before();
      rows.add(
          new Row(
              (before ? "before-" : "after-") + point,
              point,
              List.of(
                  Cell.text(point),
                  Cell.text(before ? "before the change" : "after it"),
                  Cell.number(hook.hooks()),
                  before ? Cell.number(hook.calls()) : Cell.text(""),
                  before ? Cell.number(hook.refusals()) : Cell.text(""),
                  before ? Cell.number(hook.failures()) : Cell.text(""),
                  hook.calls() == 0
                      ? Cell.text("")
                      : Cell.text(
                          String.format(
                              Locale.ENGLISH,
                              "%.1f ms",
                              (double) hook.timeSpentMs() / hook.calls())))));
    }
    return new ListView("hooks", "Hooks", columns, rows, false);
  }

  private Future<ConsoleView> parked(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    return bus.ask(new ExtensionCommand.ListParked(ExtensionPages.name(request), list.page()))
        .map(
            found ->
                ExtensionPages.page(
                    request,
                    "parked",
                    List.of(
                        Section.table(
                                "parked",
                                "Changes whose hooks kept failing",
                                parkedTable(request, found.items()),
                                list.pager(found.total()),
                                "No change is parked.")
                            .withNote("They are kept for seven days.")),
                    "Parked changes of " + ExtensionPages.name(request)));
  }

  private static ListView parkedTable(ConsoleRequest request, List<ParkedEvent> events) {
    boolean edits = request.may(Permission.EXTENSIONS_CONFIG);
    var columns =
        List.of(
            Column.of("Change", 1),
            Column.of("Why", 1),
            Column.of("Stream", 2),
            Column.of("Offset", 3),
            Column.of("Parked", 2));
    var rows = new ArrayList<Row>();
    for (ParkedEvent event : events) {
      String id = Long.toString(event.id());
      String path = ExtensionPages.path(request) + "/parked/" + id;
      rows.add(
          new Row(
              id,
              "change " + id,
              List.of(
                  Cell.text(event.type()),
                  Cell.text(event.reason()),
                  Cell.code(event.stream()),
                  Cell.number(event.position().offset()),
                  Cell.time(event.atMs())),
              edits
                  ? List.of(
                      new Action("Retry", path + "/retry", 0),
                      new Action("Drop…", path + "/drop", 2))
                  : List.of()));
    }
    return new ListView("parked", "Parked changes", columns, rows, false);
  }

  private Future<ConsoleView> retry(ConsoleRequest request) {
    String back = ExtensionPages.path(request) + "/parked";
    long id = request.id("id");
    return changes
        .make(
            request,
            new ExtensionCommand.RetryParked(ExtensionPages.name(request), id),
            "admin_retry_parked_change",
            "extensions/" + ExtensionPages.name(request) + "/parked/" + id)
        .map(_ -> ConsoleView.done(back, "parked-retried"));
  }

  private Future<ConsoleView> drop(ConsoleRequest request) {
    String back = ExtensionPages.path(request) + "/parked";
    long id = request.id("id");
    return Confirmation.level2(
            "Give up change " + id + "?",
            "The hooks of " + ExtensionPages.name(request) + " are not called.",
            "Give up change " + id,
            Long.toString(id))
        .ask(
            request,
            back,
            ConsoleView.done(back, "parked-dropped"),
            () ->
                changes.make(
                    request,
                    new ExtensionCommand.DropParked(ExtensionPages.name(request), id),
                    "admin_drop_parked_change",
                    "extensions/" + ExtensionPages.name(request) + "/parked/" + id));
  }

  private Future<ConsoleView> schedules(ConsoleRequest request) {
    return bus.ask(new ExtensionCommand.ListJobs(ExtensionPages.name(request)))
        .map(
            jobs ->
                ExtensionPages.page(
                    request,
                    "schedules",
                    List.of(
                        Section.table(
                            "schedules",
                            "Schedules",
                            jobTable(request, ExtensionPages.name(request), jobs),
                            Pager.NONE,
                            "The extension has no scheduled jobs.")),
                    "Schedules of " + ExtensionPages.name(request)));
  }

  static ListView jobTable(ConsoleRequest request, String extension, List<Job> jobs) {
    var rows = new ArrayList<Row>();
    jobs.forEach(job -> rows.add(jobRow(request, extension, job)));
    return new ListView("schedules", "Schedules", JOB_COLUMNS, rows, false);
  }

  /** A job of an extension, with the action that runs it if the admin may. */
  static Row jobRow(ConsoleRequest request, String extension, Job job) {
    Long started = job.startedMs();
    Long ended = job.endedMs();
    String error = job.error();
    return new Row(
        extension + "-" + job.name(),
        job.name(),
        List.of(
            Cell.text(job.name()),
            job.running()
                ? Cell.badge("running", "good")
                : error != null
                    ? Cell.text("failed: " + error)
                    : Cell.text(ended == null ? "" : "done"),
            Cell.time(job.nextMs()),
            Cell.time(started),
            Cell.text(started == null || ended == null ? "" : ended - started + " ms"),
            Cell.code(job.schedule())),
        request.may(Permission.JOBS_RUN)
            ? List.of(
                new Action(
                    "Run now",
                    ListLinks.below(ExtensionPages.path(extension) + "/schedules", job.name())
                        + "/run",
                    1))
            : List.of());
  }

  private Future<ConsoleView> runJob(ConsoleRequest request) {
    String job = request.path("job");
    String back = request.back(ExtensionPages.path(request) + "/schedules");
    return Confirmation.level1(
            "Run " + job + " now?", "It runs once more, besides its times.", "Run " + job)
        .ask(
            request,
            back,
            ConsoleView.done(back, "job-started"),
            () ->
                changes.make(
                    request,
                    new ExtensionCommand.RunJob(ExtensionPages.name(request), job),
                    "admin_run_extension_schedule",
                    "extensions/" + ExtensionPages.name(request) + "/schedules/" + job));
  }
}
