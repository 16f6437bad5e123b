package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.JobQuery;
import dev.rookery.console.JobQuery.JobPage;
import dev.rookery.console.JobQuery.OwnedJob;
import dev.rookery.console.Permission;
import dev.rookery.extensionhost.ExtensionCommand;
import dev.rookery.extensionhost.ExtensionCommand.Schedule;
import dev.rookery.lease.ClusterJob;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Jobs that run by themselves: the schedules of extensions, and the periodic ones of the server.
 */
final class JobPages implements ConsoleSection {
  static final String PATH = "/admin/jobs";

  private static final String LIVE = "jobs";

  private final Bus bus;
  private final Changes changes;
  private final InstantSource clock;
  private final LiveViews live;

  JobPages(Bus bus, Changes changes, InstantSource clock, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.clock = clock;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(new MenuEntry(MenuEntry.Group.CODE, "Jobs", PATH, "j", Permission.JOBS_READ));
    console.sharedPage(PATH, Permission.JOBS_READ, this::show);
    live.add(LIVE, Permission.JOBS_READ, Duration.ofSeconds(5), _ -> this::message);
    console.action(PATH + "/:job/run", Permission.JOBS_RUN, this::run);
    console.message("job-started", "The job runs as soon as it does not run already.");
  }

  /** Loads the page again when a job has begun or ended meanwhile. */
  private Future<JsonObject> message() {
    var schedules = bus.ask(new ExtensionCommand.ListSchedules());
    var jobs = bus.ask(new JobQuery.ListJobs());
    return Future.all(schedules, jobs)
        .map(
            _ ->
                JsonObject.of(
                    "parts", JsonObject.of("record", version(schedules.result(), jobs.result()))));
  }

  /** Without the times of jobs, which nodes tell by how far off they are. */
  private static String version(List<Schedule> schedules, JobPage jobs) {
    var seen = new ArrayList<Object>(schedules);
    jobs.jobs().forEach(held -> seen.add(seen(held.node(), held.job())));
    seen.addAll(jobs.silent());
    return Integer.toHexString(seen.hashCode());
  }

  private static List<Object> seen(String node, ClusterJob job) {
    return List.of(node, job.name(), job.running(), job.runs());
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    var schedules = bus.ask(new ExtensionCommand.ListSchedules());
    var jobs = bus.ask(new JobQuery.ListJobs());
    return Future.all(schedules, jobs).map(_ -> show(request, schedules.result(), jobs.result()));
  }

  private ConsoleView show(ConsoleRequest request, List<Schedule> schedules, JobPage jobs) {
    String silent =
        jobs.silent().isEmpty() ? "" : " No answer from " + String.join(", ", jobs.silent()) + ".";
    return new RecordPage(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(
                Section.table(
                    "schedules",
                    "Schedules of extensions",
                    schedules(request, schedules),
                    Pager.NONE,
                    "No extension has a schedule. The guide on extensions shows how to add one."),
                Section.table(
                        "jobs",
                        "Jobs of the server",
                        jobs(request, jobs.jobs()),
                        Pager.NONE,
                        "No node holds a job.")
                    .withNote(
                        "One node runs each of them for the whole cluster; what it says about the"
                            + " last run is since it took the job over."
                            + silent)))
        .renderLive("Jobs", LIVE, version(schedules, jobs));
  }

  private static ListView schedules(ConsoleRequest request, List<Schedule> schedules) {
    var columns = new ArrayList<Column>();
    columns.add(Column.of("Extension", 1));
    columns.addAll(ExtensionCodePages.JOB_COLUMNS);
    var rows = new ArrayList<Row>();
    for (Schedule schedule : schedules) {
      Row row = ExtensionCodePages.jobRow(request, schedule.extension(), schedule.job());
      var cells = new ArrayList<Cell>();
      cells.add(Cell.link(schedule.extension(), ExtensionPages.path(schedule.extension())));
      cells.addAll(row.cells());
      rows.add(new Row(row.id(), row.label(), cells, row.actions()));
    }
    return new ListView("schedules", "Schedules of extensions", columns, rows, false);
  }

  private ListView jobs(ConsoleRequest request, List<OwnedJob> jobs) {
    long now = clock.millis();
    var columns =
        List.of(
            Column.of("Job", 1),
            Column.of("Result", 1),
            Column.of("Next", 2),
            Column.of("Last", 2),
            Column.of("Took", 3),
            Column.of("Owner", 2));
    var rows = new ArrayList<Row>();
    for (OwnedJob held : jobs) {
      ClusterJob job = held.job();
      String error = job.error();
      boolean ran = job.endedAgoMs() >= 0;
      rows.add(
          new Row(
              Integer.toString(rows.size()),
              job.name(),
              List.of(
                  Cell.text(job.name()),
                  job.running()
                      ? Cell.badge("running", "good")
                      : error != null
                          ? Cell.text("failed: " + error)
                          : Cell.text(ran ? "done" : ""),
                  Cell.time(now + job.nextInMs()),
                  ran ? Cell.time(now - job.endedAgoMs()) : Cell.text(""),
                  Cell.text(ran ? job.tookMs() + " ms" : ""),
                  Cell.text(held.node())),
              request.may(Permission.JOBS_RUN)
                  ? List.of(new Action("Run now", path(job.name()) + "/run", 1))
                  : List.of()));
    }
    return new ListView("jobs", "Jobs of the server", columns, rows, false);
  }

  private static String path(String job) {
    return ListLinks.below(PATH, job);
  }

  private Future<ConsoleView> run(ConsoleRequest request) {
    String job = request.path("job");
    return Confirmation.level1(
            "Run the job “" + job + "” now?",
            "It runs once more, on the node that holds it.",
            "Run " + job)
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "job-started"),
            () -> changes.make(request, new JobQuery.RunJob(job), "admin_run_job", "jobs/" + job));
  }
}
