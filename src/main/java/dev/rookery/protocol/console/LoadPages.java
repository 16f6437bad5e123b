package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.MetricColumn.Unit;
import dev.rookery.console.Permission;
import dev.rookery.loadrun.LoadCommand;
import dev.rookery.loadrun.LoadCommand.RunDetails;
import dev.rookery.loadrun.LoadCommand.RunPage;
import dev.rookery.loadrun.LoadPlan;
import dev.rookery.loadrun.LoadRun;
import dev.rookery.loadrun.LoadRun.State;
import dev.rookery.loadrun.LoadScenario;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Load tests: starts one, shows both of its sides while it runs, and lists those before. */
final class LoadPages implements ConsoleSection {
  private static final String PATH = "/admin/load";
  private static final String LIVE = "load";
  private static final String RUN = "run";
  private static final double MS = 1_000;

  private final Bus bus;
  private final Changes changes;
  private final LiveViews live;

  LoadPages(Bus bus, Changes changes, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.OPERATE, "Load test", PATH, null, Permission.SYSTEM_READ));
    console.page(PATH, Permission.SYSTEM_READ, this::list);
    console.page(PATH + "/:run", Permission.SYSTEM_READ, this::show);
    console.action(PATH + "/start", Permission.LOAD_RUN, this::start);
    console.action(PATH + "/:run/cancel", Permission.LOAD_RUN, this::cancel);
    console.action(PATH + "/:run/remove", Permission.LOAD_RUN, this::remove);
    console.message("load-started", "The load test was started.");
    console.message("load-cancelled", "The load test ends within seconds.");
    console.message("load-removal-begun", "The players of the load test are being deleted.");
    live.add(LIVE, Permission.SYSTEM_READ, Duration.ofSeconds(1), this::source);
  }

  private LiveSource source(Map<String, String> parameters) {
    Long run = SearchQuery.parse(parameters.getOrDefault(RUN, ""));
    return run == null ? this::listMessage : () -> message(run);
  }

  private Future<JsonObject> listMessage() {
    return bus.ask(new LoadCommand.ListRuns()).map(page -> parts(version(page.runs())));
  }

  private Future<JsonObject> message(long run) {
    return bus.ask(new LoadCommand.Find(run)).map(found -> parts(version(found.run())));
  }

  private static JsonObject parts(String version) {
    return JsonObject.of("parts", JsonObject.of("record", version));
  }

  private static String version(LoadRun run) {
    return run.state().text() + " " + run.updatedMs() + " " + run.players();
  }

  /** Without the seconds of a run, so that the form does not change while somebody fills it in. */
  private static String version(List<LoadRun> runs) {
    return Integer.toHexString(
        runs.stream()
            .map(run -> run.id() + run.state().text() + run.players())
            .toList()
            .hashCode());
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    return bus.ask(new LoadCommand.ListRuns()).map(page -> page(request, page, form(fields(page))));
  }

  private static List<FormView.Field> fields(RunPage page) {
    return List.of(
        FormView.Field.select(
                "scenario",
                "Scenario",
                LoadScenario.PLAY.text(),
                Arrays.stream(LoadScenario.values()).map(LoadScenario::text).toList())
            .hinted(
                "play: lobbies, chat, lost connections. chat: lobbies of ten. direct: messages of"
                    + " friends. me: reads of profiles. lobby: lobbies come and go. idle:"
                    + " sockets."),
        FormView.Field.select(
                "node", "Node", page.nodes().isEmpty() ? "" : page.nodes().getFirst(), page.nodes())
            .hinted("The load comes from a process beside it, and goes to it."),
        FormView.Field.of("players", "Players", "number", "50")
            .hinted("At most " + page.settings().playersMax() + "."),
        FormView.Field.of("ramp", "Ramp-up in seconds", "number", "10"),
        FormView.Field.of("time", "Measurement in seconds", "number", "30")
            .hinted("At most " + page.settings().timeMax().toSeconds() + "."),
        FormView.Field.of("p99", "Stop above this p99 in ms", "number", "250"),
        FormView.Field.checkbox("removes", "Delete the players at the end", true));
  }

  private static FormView form(List<FormView.Field> fields) {
    return new FormView(PATH + "/start", "", fields, "Start", 2, "", List.of());
  }

  private static ConsoleView page(ConsoleRequest request, RunPage page, FormView form) {
    var sections = new ArrayList<Section>();
    if (!page.settings().enabled()) {
      sections.add(
          Section.text(
              "disabled",
              "Load tests are disabled here",
              "In production they are disabled unless loadTests.enabled is true."));
    } else if (request.may(Permission.LOAD_RUN)) {
      sections.add(
          Section.form("start", "New load test", form)
              .withNote(
                  "It stops by itself when more than 1 % of requests fail, or when they take too"
                      + " long. Limits by address are lifted for its players while it runs."));
    }
    sections.add(
        Section.table(
            "runs",
            "Runs",
            runs(page.runs()),
            Pager.NONE,
            "No runs yet. Start with 50 players and 30 s."));
    sections.add(
        Section.text(
                "machine",
                "From another machine",
                "scripts/load play --node=http://<address of a node>:<port> --players=50"
                    + " --ramp=10 --ramp-players=50 --seconds=30\n"
                    + "scripts/load --help")
            .withNote(
                "Limits by address apply to such a run, and its players stay. Its result is"
                    + " printed."));
    return new RecordPage(List.of(), List.of(), List.of(), List.of(), List.of(), sections)
        .renderLive("Load test", LIVE, version(page.runs()));
  }

  private static ListView runs(List<LoadRun> runs) {
    var columns =
        List.of(
            Column.of("Run", 1),
            Column.of("Scenario", 1),
            Column.of("Players", 2),
            Column.of("Started", 2),
            Column.of("Result", 1),
            Column.of("Rate", 2),
            Column.of("p50", 3),
            Column.of("p99", 2),
            Column.of("Errors", 2),
            Column.of("Node", 3));
    var rows = new ArrayList<Row>();
    for (LoadRun run : runs) {
      String id = Long.toString(run.id());
      rows.add(
          new Row(
              id,
              "run " + id,
              List.of(
                  Cell.link(id, PATH + "/" + id),
                  Cell.text(run.plan().scenario().text()),
                  Cell.number(run.plan().players()),
                  Cell.time(run.startedMs()),
                  state(run),
                  Cell.text(rate(run)),
                  Cell.text(millis(run, run.p50Ms())),
                  Cell.text(millis(run, run.p99Ms())),
                  Cell.number(run.errors()),
                  Cell.text(run.plan().node()))));
    }
    return new ListView("runs", "Runs", columns, rows, false);
  }

  private static Cell state(LoadRun run) {
    if (run.isOpen()) {
      return Cell.badge(run.state().text(), "good");
    }
    boolean done = run.outcome().equals("done");
    return Cell.badge(done ? "done" : run.outcome(), done ? "" : "warn");
  }

  private static String rate(LoadRun run) {
    return run.unit().isEmpty() ? "" : Figures.number(run.perSecond()) + " " + run.unit() + "/s";
  }

  private static String millis(LoadRun run, double value) {
    return run.unit().isEmpty() ? "" : Figures.text(Unit.SECONDS, value / MS);
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    long run = request.id(RUN);
    return bus.ask(new LoadCommand.Find(run)).map(found -> show(request, found));
  }

  private static ConsoleView show(ConsoleRequest request, RunDetails found) {
    LoadRun run = found.run();
    LoadPlan plan = run.plan();
    String path = PATH + "/" + run.id();
    var buttons = new ArrayList<Action>();
    if (request.may(Permission.LOAD_RUN)) {
      if (run.isOpen()) {
        buttons.add(new Action("Cancel", path + "/cancel", 1));
      } else if (run.state() == State.ENDED && run.players() > 0) {
        buttons.add(new Action("Delete its players", path + "/remove", 2));
      }
    }
    Long admin = run.admin();
    var facts =
        List.of(
            Fact.of("Scenario", Cell.text(plan.scenario().text())),
            Fact.of("Node", Cell.text(plan.node())),
            Fact.of("Players", Cell.number(plan.players())),
            Fact.of("Sign-ins within", Cell.text(Figures.duration(plan.ramp()))),
            Fact.of("Measurement", Cell.text(Figures.duration(plan.time()))),
            Fact.of("Stops above a p99 of", Cell.text(plan.p99MaxMs() + " ms")),
            Fact.of("Started", Cell.time(run.startedMs())),
            Fact.of("By", admin == null ? Cell.text("") : Cell.player(null, admin)),
            Fact.of("Ended", Cell.time(run.endedMs())),
            Fact.of("Result", state(run)),
            Fact.of("Rate", Cell.text(rate(run))),
            Fact.of("p50", Cell.text(millis(run, run.p50Ms()))),
            Fact.of("p99", Cell.text(millis(run, run.p99Ms()))),
            Fact.of("Requests", Cell.number(run.answered())),
            Fact.of("Errors", Cell.number(run.errors())),
            Fact.of("First error", Cell.text(run.problem())),
            Fact.of("Players to delete", Cell.number(run.players())));
    return new RecordPage(
            List.of(new Link("Load test", PATH)),
            List.of(),
            List.of(),
            buttons,
            List.of(),
            List.of(
                Section.charts(
                    "charts", "Generator and server", LoadCharts.of(run, found.seconds())),
                Section.facts("facts", "Run", facts)))
        .renderLive("Load test " + run.id(), LIVE + "?run=" + run.id(), version(run));
  }

  private Future<ConsoleView> start(ConsoleRequest request) {
    return Confirmation.level2(
            "Start a load test on " + request.field("node") + "?",
            "Up to "
                + request.field("players")
                + " players sign in and play. Real players may notice it.",
            "Start",
            request.field("players"))
        .ask(
            request,
            PATH,
            () -> bus.ask(new LoadCommand.ListRuns()).compose(found -> start(request, found)));
  }

  private Future<ConsoleView> start(ConsoleRequest request, RunPage found) {
    List<FormView.Field> fields = fields(found);
    return new EditForm(request, "", fields)
        .submit(form(fields), form -> page(request, found, form), typed -> start(request, typed));
  }

  private Future<ConsoleView> start(ConsoleRequest request, EditForm typed) {
    var plan =
        new LoadPlan(
            LoadScenario.of(typed.value("scenario"))
                .orElseThrow(() -> Refused.invalid("scenario", "is unknown")),
            typed.value("node"),
            number(typed, "players"),
            Duration.ofSeconds(number(typed, "ramp")),
            Duration.ofSeconds(number(typed, "time")),
            number(typed, "p99"),
            typed.flag("removes"));
    return changes
        .make(
            request,
            new LoadCommand.Start(plan, request.admin().player()),
            "admin_start_load_test",
            "load",
            Changes.values(
                "scenario", plan.scenario().text(),
                "node", plan.node(),
                "players", plan.players(),
                "time", plan.time().toSeconds()))
        .map(run -> ConsoleView.done(PATH + "/" + run.id(), "load-started"));
  }

  private static int number(EditForm typed, String name) {
    Integer number = typed.integer(name);
    if (number == null) {
      throw Refused.invalid(name, "is required");
    }
    return number;
  }

  private Future<ConsoleView> cancel(ConsoleRequest request) {
    long run = request.id(RUN);
    String path = PATH + "/" + run;
    return Confirmation.level1(
            "Cancel the load test?", "Its process ends, and its players leave.", "Cancel it")
        .ask(
            request,
            path,
            ConsoleView.done(path, "load-cancelled"),
            () ->
                changes.make(
                    request, new LoadCommand.Cancel(run), "admin_cancel_load_test", "load/" + run));
  }

  private Future<ConsoleView> remove(ConsoleRequest request) {
    long run = request.id(RUN);
    String path = PATH + "/" + run;
    return Confirmation.level2(
            "Delete the players of load test " + run + "?",
            "Its players are deleted with all that is theirs.",
            "Delete them",
            Long.toString(run))
        .ask(
            request,
            path,
            ConsoleView.done(path, "load-removal-begun"),
            () ->
                changes.make(
                    request,
                    new LoadCommand.RemovePlayers(run),
                    "admin_remove_load_players",
                    "load/" + run));
  }
}
