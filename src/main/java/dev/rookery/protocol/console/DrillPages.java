package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Drill;
import dev.rookery.console.DrillCommand;
import dev.rookery.console.DrillCommand.DrillPage;
import dev.rookery.console.NodeReport;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Drills: a fault of a node that an admin causes on purpose, and the report of what followed. */
final class DrillPages implements ConsoleSection {
  static final String PATH = ClusterPages.PATH + "/drills";

  private static final String LIVE = "drills";
  private static final String DRILL = PATH + "/:drill";
  private static final String NODE = "node";
  private static final String FAULT = "fault";
  private static final String STOP = "stop at once";
  private static final String PAUSE = "pause for 10 s";
  private static final String CUT = "cut off from the database for 10 s";
  private static final int NODES_MIN = 3;

  private final Bus bus;
  private final Changes changes;
  private final LiveViews live;

  DrillPages(Bus bus, Changes changes, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH, Permission.CLUSTER_READ, this::list);
    console.action(PATH, Permission.CLUSTER_DRILL, this::start);
    console.page(DRILL, Permission.CLUSTER_READ, this::show);
    console.message("drill-started", "The drill has begun; this page shows what is measured.");
    live.add(
        LIVE,
        Permission.CLUSTER_READ,
        Duration.ofSeconds(1),
        parameters -> () -> message(parameters.getOrDefault("drill", "")));
  }

  private Future<JsonObject> message(String drill) {
    if (!drill.matches("[0-9]{1,18}")) {
      return Future.failedFuture(Refused.missing("drill_not_found"));
    }
    return bus.ask(new DrillCommand.FindDrill(Long.parseLong(drill)))
        .map(found -> JsonObject.of("parts", JsonObject.of("record", version(found))));
  }

  private static String version(Drill drill) {
    return Integer.toHexString(31 * drill.state().text().hashCode() + drill.toString().hashCode());
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    var nodes = bus.ask(new OperationsQuery.ListNodes());
    var drills = bus.ask(new DrillCommand.ListDrills());
    return Future.all(nodes, drills).map(_ -> list(request, nodes.result(), drills.result()));
  }

  private static ConsoleView list(
      ConsoleRequest request, List<NodeReport> nodes, DrillPage drills) {
    var sections = new ArrayList<Section>();
    if (request.may(Permission.CLUSTER_DRILL)) {
      sections.add(form(nodes, drills.enabled()));
    }
    var rows = new ArrayList<Row>();
    for (Drill drill : drills.drills()) {
      rows.add(
          new Row(
              Long.toString(drill.id()),
              "Drill " + drill.id(),
              List.of(
                  Cell.link("Drill " + drill.id(), PATH + "/" + drill.id()),
                  Cell.text(drill.node()),
                  Cell.text(name(drill.fault())),
                  state(drill),
                  Cell.text(after(drill, drill.times().firstMs())),
                  Cell.text(drill.resumed() + " of " + drill.players()),
                  Cell.number(drill.lost()),
                  Cell.number(drill.repeats()),
                  Cell.time(drill.times().createdMs()))));
    }
    sections.add(
        Section.table(
            "drills",
            "Drills",
            new ListView(
                "drills",
                "Drills",
                List.of(
                    Column.of("Drill", 1),
                    Column.of("Node", 1),
                    Column.of("Fault", 2),
                    Column.of("State", 1),
                    Column.of("First command after", 2),
                    Column.of("Players back", 2),
                    Column.of("Lost", 1),
                    Column.of("Repeats", 2),
                    Column.of("Begun", 3)),
                rows,
                false),
            Pager.NONE,
            "No drill was held yet."));
    return new RecordPage(
            List.of(new Link("Cluster", ClusterPages.PATH)),
            List.of(),
            List.of(new Link("How it measures", "/docs/cluster-operations#drill")),
            List.of(),
            List.of(),
            sections)
        .render("Drills");
  }

  private static Section form(List<NodeReport> nodes, boolean enabled) {
    if (!enabled) {
      return Section.text(
          "start",
          "Start a drill",
          "Drills are off. In production they stay off until drills.enabled"
              + " (ROOKERY_DRILLS_ENABLED) is true on every node.");
    }
    List<String> ready = nodes.stream().filter(NodeReport::isReady).map(NodeReport::node).toList();
    if (ready.size() < NODES_MIN) {
      return Section.text(
          "start",
          "Start a drill",
          """
          A drill needs three nodes that are ready: two must be left that can take over from each
          other. This starts three on your machine, at ports 4001 to 4003:

          DATABASE_URL=postgres://user:password@127.0.0.1/rookery scripts/cluster\
          """);
    }
    return Section.form(
            "start",
            "Start a drill",
            new FormView(
                PATH,
                "",
                List.of(
                    FormView.Field.select(NODE, "Node", ready.getFirst(), ready),
                    FormView.Field.select(FAULT, "Fault", STOP, List.of(STOP, PAUSE, CUT))),
                "Start…",
                2,
                "",
                List.of()))
        .withNote(
            "Stopping ends the process at once; nothing starts it again but your supervisor."
                + " The other faults end by themselves. Players who are connected to the node lose"
                + " their sockets.");
  }

  private Future<ConsoleView> start(ConsoleRequest request) {
    String node = request.field(NODE);
    Drill.Fault fault =
        switch (request.field(FAULT)) {
          case STOP -> Drill.Fault.STOP;
          case PAUSE -> Drill.Fault.PAUSE;
          case CUT -> Drill.Fault.CUT;
          default -> throw Refused.invalid(FAULT, "is unknown");
        };
    return bus.ask(new OperationsQuery.ListNodes())
        .compose(
            nodes -> {
              long players =
                  nodes.stream()
                      .filter(one -> one.alive() && one.node().equals(node))
                      .mapToLong(NodeReport::players)
                      .sum();
              return Confirmation.level2(
                      "Start a drill with node " + node + "?",
                      consequence(fault) + players + " players are connected to it. Type its name.",
                      "Start the drill",
                      node)
                  .ask(
                      request,
                      PATH,
                      () ->
                          changes
                              .make(
                                  request,
                                  new DrillCommand.StartDrill(node, fault),
                                  "admin_start_drill",
                                  "cluster/nodes/" + node,
                                  Map.of(FAULT, fault.text()))
                              .map(
                                  drill ->
                                      ConsoleView.done(PATH + "/" + drill.id(), "drill-started")));
            });
  }

  private static String consequence(Drill.Fault fault) {
    return switch (fault) {
      case STOP -> "Its process ends at once, without a drain. ";
      case PAUSE -> "Its process is paused for 10 s; the others declare it dead. ";
      case CUT ->
          "It cannot reach the database for 10 s and answers 503; the others declare it dead. ";
    };
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return bus.ask(new DrillCommand.FindDrill(request.id("drill"))).map(DrillPages::show);
  }

  private static ConsoleView show(Drill drill) {
    var times = drill.times();
    return new RecordPage(
            List.of(new Link("Cluster", ClusterPages.PATH), new Link("Drills", PATH)),
            List.of(state(drill)),
            List.of(),
            List.of(),
            List.of(),
            List.of(
                Section.facts(
                        "report",
                        "Report",
                        List.of(
                            Fact.of("Detected after", Cell.text(after(drill, times.detectedMs()))),
                            Fact.of("Taken over after", Cell.text(after(drill, times.takenMs()))),
                            Fact.of(
                                "First command after", Cell.text(after(drill, times.firstMs()))),
                            Fact.of("Node back after", Cell.text(after(drill, times.backMs()))),
                            Fact.of(
                                "Players back",
                                Cell.text(drill.resumed() + " of " + drill.players())),
                            Fact.of("Messages committed", Cell.number(drill.acknowledged())),
                            Fact.of("Lost", good(drill.lost())),
                            Fact.of("Repeats", good(drill.repeats())),
                            Fact.of("Late writes refused", Cell.number(drill.refused()))))
                    .withNote(drill.problem()),
                Section.facts(
                    "drill",
                    "Drill",
                    List.of(
                        Fact.of("Node", Cell.text(drill.node())),
                        Fact.of("Run", Cell.number(drill.run())),
                        Fact.of("Fault", Cell.text(name(drill.fault()))),
                        Fact.of("Leases that it owned", Cell.number(drill.owned())),
                        Fact.of("Taken over by", Cell.text(drill.takenBy())),
                        Fact.of("Begun", Cell.time(times.createdMs())),
                        Fact.of("Fault at", Cell.time(times.faultMs())),
                        Fact.of("Ended", Cell.time(times.endedMs()))))))
        .renderLive("Drill " + drill.id(), LIVE + "?drill=" + drill.id(), version(drill));
  }

  private static Cell good(long number) {
    return number == 0 ? Cell.badge("0", "good") : Cell.badge(Long.toString(number), "bad");
  }

  private static String name(Drill.Fault fault) {
    return switch (fault) {
      case STOP -> STOP;
      case PAUSE -> PAUSE;
      case CUT -> CUT;
    };
  }

  /** The time from the fault to what was seen; empty if it was not yet. */
  private static String after(Drill drill, long ms) {
    return ms == 0 || drill.times().faultMs() == 0
        ? ""
        : String.format(Locale.ROOT, "%.1f s", (ms - drill.times().faultMs()) / 1_000.0);
  }

  private static Cell state(Drill drill) {
    return switch (drill.state()) {
      case PREPARING -> Cell.badge("begins", "warn");
      case RUNNING -> Cell.badge("running", "warn");
      case DONE ->
          drill.isWithoutLoss()
              ? Cell.badge("done", "good")
              : Cell.badge("done, with losses", "bad");
      case FAILED -> Cell.badge("not completed", "bad");
    };
  }
}
