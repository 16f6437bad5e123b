package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.console.RetentionCommand;
import dev.rookery.console.RetentionCommand.SweepFacts;
import dev.rookery.console.RetentionCommand.SweepPage;
import dev.rookery.console.RetentionCommand.TableFacts;
import dev.rookery.lease.ClusterJob;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweepRun;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the server removes by itself: the sweeps, their tables, and their runs. */
final class RetentionPages implements ConsoleSection {
  private static final String PATH = "/admin/retention";
  private static final String LIVE = "retention";
  private static final Duration LIVE_EVERY = Duration.ofSeconds(1);

  private final Bus bus;
  private final Changes changes;
  private final LiveViews live;

  RetentionPages(Bus bus, Changes changes, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.OPERATE, "Retention", PATH, null, Permission.RETENTION_READ));
    console.page(PATH, Permission.RETENTION_READ, this::show);
    live.add(LIVE, Permission.RETENTION_READ, LIVE_EVERY, _ -> this::message);
    console.action(PATH + "/:sweep/run", Permission.RETENTION_RUN, this::run);
    console.message("sweep-started", "The sweep runs now, or after the run that is under way.");
  }

  /** Loads the page again when a run that was asked for has begun or ended. */
  private Future<JsonObject> message() {
    return bus.ask(new RetentionCommand.ListAsked())
        .map(runs -> JsonObject.of("parts", JsonObject.of("record", version(runs))));
  }

  private static String version(List<SweepRun> runs) {
    return Integer.toHexString(runs.hashCode());
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return bus.ask(new RetentionCommand.ListSweeps()).map(found -> show(request, found));
  }

  private static ConsoleView show(ConsoleRequest request, SweepPage found) {
    String silent =
        found.silent().isEmpty()
            ? ""
            : " No answer from " + String.join(", ", found.silent()) + ".";
    return new RecordPage(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(
                Section.table(
                        "sweeps",
                        "Sweeps",
                        sweeps(request, found.sweeps()),
                        Pager.NONE,
                        "No sweeps.")
                    .withNote(
                        "One node runs each of them for the whole cluster, a bounded number of rows"
                            + " at a time."
                            + silent),
                Section.table("tables", "Tables", tables(found.sweeps()), Pager.NONE, "No tables.")
                    .withNote(
                        "Up to 10,000 rows are counted; of a larger table PostgreSQL has an"
                            + " estimate. A large table without an index by age is not looked"
                            + " through, so its oldest row and what is due are not known."),
                Section.table(
                    "runs",
                    "Runs that admins asked for",
                    runs(found.asked()),
                    Pager.NONE,
                    "Nobody has run a sweep by hand. “Run now” does it.")))
        .renderLive("Retention", LIVE, version(found.asked()));
  }

  private static ListView sweeps(ConsoleRequest request, List<SweepFacts> sweeps) {
    var columns =
        List.of(
            Column.of("Sweep", 1),
            Column.of("Every", 2),
            Column.of("Last run", 1),
            Column.of("Removed", 1),
            Column.of("Took", 3),
            Column.of("Result", 2),
            Column.of("Owner", 3));
    boolean runs = request.may(Permission.RETENTION_RUN);
    var rows = new ArrayList<Row>();
    for (SweepFacts facts : sweeps) {
      Sweep sweep = facts.sweep();
      Duration interval = sweep.interval();
      SweepRun last = facts.last();
      rows.add(
          new Row(
              Integer.toString(rows.size()),
              sweep.name(),
              List.of(
                  Cell.text(sweep.name()),
                  Cell.text(interval == null ? "with each write" : Figures.duration(interval)),
                  Cell.time(last == null ? 0 : last.endedMs()),
                  last == null ? Cell.text("") : Cell.number(last.removed()),
                  Cell.text(last == null ? "" : last.tookMs() + " ms"),
                  result(facts.job(), last),
                  Cell.text(facts.owner())),
              runs && interval != null
                  ? List.of(new Action("Run now", path(sweep.name()) + "/run", 2))
                  : List.of()));
    }
    return new ListView("sweeps", "Sweeps", columns, rows, false);
  }

  private static Cell result(@Nullable ClusterJob job, @Nullable SweepRun last) {
    if (job != null && job.running()) {
      return Cell.badge("running", "good");
    }
    if (last == null) {
      return Cell.text("");
    }
    return Cell.text(last.problem().isEmpty() ? "done" : "failed: " + last.problem());
  }

  private static ListView tables(List<SweepFacts> sweeps) {
    var columns =
        List.of(
            Column.of("Table", 1),
            Column.of("A row is removed", 1),
            Column.of("Setting", 2),
            Column.of("Rows", 1),
            Column.of("Oldest", 3),
            Column.of("Due now", 1),
            Column.of("Sweep", 3));
    var rows = new ArrayList<Row>();
    for (SweepFacts facts : sweeps) {
      for (TableFacts table : facts.tables()) {
        rows.add(
            new Row(
                Integer.toString(rows.size()),
                table.swept().table(),
                List.of(
                    Cell.code(table.swept().table()),
                    Cell.text(table.swept().rule()),
                    setting(table),
                    Cell.text(count(table)),
                    Cell.time(table.oldestMs()),
                    Cell.text(due(table)),
                    Cell.text(facts.sweep().name()))));
      }
    }
    return new ListView("tables", "Tables", columns, rows, false);
  }

  private static Cell setting(TableFacts table) {
    String key = table.swept().setting();
    if (key == null) {
      return Cell.text("fixed");
    }
    String value = table.kept() == null ? "" : " = " + table.kept();
    String source = table.source().isEmpty() ? "" : " (" + table.source() + ")";
    return Cell.text(key + value + source);
  }

  private static String count(TableFacts table) {
    Long rows = table.rows();
    if (rows == null) {
      return "10,000+";
    }
    return (table.exact() ? "" : "about ") + String.format(Locale.ENGLISH, "%,d", rows);
  }

  private static String due(TableFacts table) {
    Integer due = table.due();
    if (due == null) {
      return "–";
    }
    return due >= TableFacts.DUE_MAX ? "1,000+" : String.format(Locale.ENGLISH, "%,d", due);
  }

  private static ListView runs(List<SweepRun> runs) {
    var columns =
        List.of(
            Column.of("Sweep", 1),
            Column.of("By", 2),
            Column.of("Asked", 2),
            Column.of("State", 1),
            Column.of("Removed", 1),
            Column.of("Took", 3),
            Column.of("Node", 3));
    var rows = new ArrayList<Row>();
    for (SweepRun run : runs) {
      Long admin = run.admin();
      rows.add(
          new Row(
              Long.toString(run.id()),
              run.sweep(),
              List.of(
                  Cell.text(run.sweep()),
                  admin == null ? Cell.text("") : Cell.player(null, admin),
                  Cell.time(run.askedMs()),
                  run.isOpen()
                      ? Cell.badge("waiting", "warn")
                      : Cell.text(run.problem().isEmpty() ? "done" : "failed: " + run.problem()),
                  run.isOpen() ? Cell.text("") : Cell.number(run.removed()),
                  Cell.text(run.isOpen() ? "" : run.tookMs() + " ms"),
                  Cell.text(run.node()))));
    }
    return new ListView("runs", "Runs that admins asked for", columns, rows, false);
  }

  private static String path(String sweep) {
    return ListLinks.below(PATH, sweep);
  }

  private Future<ConsoleView> run(ConsoleRequest request) {
    String sweep = request.path("sweep");
    return Confirmation.level2(
            "Run the sweep “" + sweep + "” now?",
            "It removes the rows that are due, for good, as it does by itself later.",
            "Run " + sweep,
            sweep)
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "sweep-started"),
            () ->
                changes.make(
                    request,
                    new RetentionCommand.RunSweep(sweep, request.admin().player()),
                    "admin_run_sweep",
                    "retention/" + sweep));
  }
}
