package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.AuditEntry;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.ConsoleCommand.AdminFinding;
import dev.rookery.console.FailedSignIns;
import dev.rookery.console.MetricRange;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.OperationsQuery.History;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.OperationsView.Attention;
import dev.rookery.protocol.console.OperationsView.Setup;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.List;

/** The pages Overview and Connections. */
final class OverviewPages implements ConsoleSection {
  static final String OVERVIEW = "/admin";
  static final String CONNECTIONS = "/admin/connections";

  private static final int RECENT_ACTIONS = 8;

  private static final FiguresPlan OVERVIEW_PLAN =
      new FiguresPlan(
          OVERVIEW,
          "overview",
          "Overview",
          Permission.SYSTEM_READ,
          List.of(
              "players.online",
              "sockets.open",
              "sign.ins",
              "matches.running",
              "tickets.waiting",
              "chat.messages",
              "http.requests",
              "http.p99",
              "http.errors",
              "events.posted",
              "loop.max",
              "heap.used"),
          List.of(
              ChartPlan.of("players", "Players and sockets", "players.online", "sockets.open"),
              ChartPlan.of("requests", "Requests and commands", "http.requests", "commands.served"),
              ChartPlan.of("latency", "HTTP latency", "http.p50", "http.p95", "http.p99"),
              ChartPlan.of("errors", "Errors", "http.errors", "commands.failed", "store.refused"),
              ChartPlan.of("commit", "Commit time", "store.commit.mean", "store.commit.max"),
              ChartPlan.perNode("lag", "Event-loop lag", "loop.max")));

  private static final FiguresPlan CONNECTIONS_PLAN =
      new FiguresPlan(
          CONNECTIONS,
          "connections",
          "Connections",
          Permission.SYSTEM_READ,
          List.of(
              "sockets.open",
              "sockets.strangers",
              "connections.open",
              "webrtc.peers",
              "relay.seats",
              "godra.sockets",
              "sockets.in",
              "sockets.out",
              "sockets.bytes",
              "sockets.slow",
              "connections.refused"),
          List.of(
              ChartPlan.perNode("sockets", "Open sockets by node", "sockets.open"),
              ChartPlan.of("frames", "Frames", "sockets.in", "sockets.out"),
              ChartPlan.of("bytes", "Bytes sent", "sockets.bytes"),
              ChartPlan.of(
                  "closed", "Slow readers and refusals", "sockets.slow", "connections.refused")));

  private final Bus bus;
  private final FiguresPages figures;
  private final SetupChecklist checklist;

  /**
   * @param takesSamples whether the server takes sample data
   */
  OverviewPages(Bus bus, FiguresPages figures, boolean takesSamples) {
    this.bus = bus;
    this.figures = figures;
    this.checklist = new SetupChecklist(bus, takesSamples);
  }

  @Override
  public void register(ConsoleRouter console) {
    figures.add(console, MenuEntry.Group.OVERVIEW, OVERVIEW_PLAN, "o");
    figures.add(console, MenuEntry.Group.PLAYERS, CONNECTIONS_PLAN, "n");
    console.pageForAll(OVERVIEW, this::overview);
    console.page(
        CONNECTIONS,
        CONNECTIONS_PLAN.permission(),
        request -> figures.show(request, CONNECTIONS_PLAN, Future.succeededFuture(List.of())));
  }

  private Future<ConsoleView> overview(ConsoleRequest request) {
    if (!request.may(OVERVIEW_PLAN.permission())) {
      return Future.succeededFuture(
          new OperationsView(
                  "",
                  List.of(),
                  List.of(),
                  List.of(),
                  "Your role does not include the figures of the nodes. The menu has your pages.",
                  List.of(),
                  Attention.NONE,
                  Setup.NONE,
                  List.of(),
                  List.of(),
                  "",
                  List.of())
              .render(OVERVIEW_PLAN.title()));
    }
    MetricRange range = MetricRange.of(request.query("range"));
    var nodes = bus.ask(new OperationsQuery.ListNodes());
    var history = figures.history(OVERVIEW_PLAN, range);
    var hour =
        range == MetricRange.HOUR ? history : figures.history(OVERVIEW_PLAN, MetricRange.HOUR);
    var configuration = bus.ask(new OperationsQuery.ReadConfiguration());
    var admins = admins(request);
    var failed = failedSignIns(request);
    var setup = setup(request, hour);
    var recent = recentActions(request);
    return Future.all(List.of(nodes, history, hour, configuration, admins, failed, setup, recent))
        .map(
            _ ->
                figures
                    .view(
                        OVERVIEW_PLAN,
                        range,
                        nodes.result(),
                        history.result(),
                        request.may(Permission.CONFIG_READ)
                            ? AttentionCheck.of(
                                nodes.result(),
                                configuration.result(),
                                hour.result(),
                                admins.result(),
                                failed.result(),
                                request.admin().player())
                            : Attention.NONE,
                        setup.result(),
                        List.of(),
                        List.of(),
                        recent.result())
                    .render(OVERVIEW_PLAN.title()));
  }

  /** What admins did last, for those who may read the audit log. */
  private Future<List<Section>> recentActions(ConsoleRequest request) {
    if (!request.may(Permission.AUDIT_READ)) {
      return Future.succeededFuture(List.of());
    }
    return bus.ask(new ConsoleCommand.ListAudit(AuditEntry.Filter.NONE, null, RECENT_ACTIONS))
        .map(
            entries ->
                List.of(
                    Section.table(
                        "recent",
                        "Recent admin actions",
                        new ListView(
                            "recent",
                            "Recent admin actions",
                            List.of(
                                Column.of("When", 1),
                                Column.of("Who", 1),
                                Column.of("Action", 1),
                                Column.of("Target", 2),
                                Column.of("Result", 2)),
                            entries.stream()
                                .map(entry -> row(entry, request.may(Permission.PLAYERS_PERSONAL)))
                                .toList(),
                            false),
                        Pager.NONE,
                        "None yet.")));
  }

  private static Row row(AuditEntry entry, boolean personal) {
    var player = entry.player();
    return new Row(
        entry.run() + "-" + entry.number(),
        entry.action(),
        List.of(
            Cell.time(entry.atMs()),
            player == null ? Cell.text(entry.actor()) : Cell.player(null, player.value()),
            Cell.text(entry.action()),
            Cell.text(entry.target(personal)),
            Cell.text(entry.result())));
  }

  /** The admins who need attention: all for those who may read roles, otherwise the admin alone. */
  private Future<List<AdminFinding>> admins(ConsoleRequest request) {
    if (!request.may(Permission.CONFIG_READ)) {
      return Future.succeededFuture(List.of());
    }
    boolean readsRoles = request.may(Permission.ADMINS_READ);
    return bus.ask(new ConsoleCommand.CheckAdmins())
        .map(
            found ->
                found.stream()
                    .filter(admin -> readsRoles || admin.player().equals(request.admin().player()))
                    .toList());
  }

  private Future<List<FailedSignIns>> failedSignIns(ConsoleRequest request) {
    return request.may(Permission.CONFIG_READ) && request.may(Permission.ADMINS_READ)
        ? bus.ask(new ConsoleCommand.ListFailedSignIns())
        : Future.succeededFuture(List.of());
  }

  /** The checklist of a new server, for those who may read roles. */
  private Future<Setup> setup(ConsoleRequest request, Future<History> hour) {
    return request.may(Permission.CONFIG_READ) && request.may(Permission.ADMINS_READ)
        ? hour.compose(checklist::read)
        : Future.succeededFuture(Setup.NONE);
  }
}
