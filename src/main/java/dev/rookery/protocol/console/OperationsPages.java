package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.AuditEntry;
import dev.rookery.console.ConfigEntry;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.ConsoleCommand.AdminFinding;
import dev.rookery.console.FailedSignIns;
import dev.rookery.console.MetricColumn;
import dev.rookery.console.MetricColumns;
import dev.rookery.console.MetricRange;
import dev.rookery.console.NodeReport;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.OperationsQuery.Fact;
import dev.rookery.console.OperationsQuery.History;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.OperationsView.Attention;
import dev.rookery.protocol.console.OperationsView.Card;
import dev.rookery.protocol.console.OperationsView.NodeBox;
import dev.rookery.protocol.console.OperationsView.Setup;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.protocol.console.RecordPage.Tab;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pages that are made of the meters of the nodes: Overview, Connections, System and Runtime.
 * Their figures are live every second, their charts every 5 s.
 */
final class OperationsPages implements ConsoleSection {
  static final String OVERVIEW = "/admin";
  static final String CONNECTIONS = "/admin/connections";
  static final String SYSTEM = "/admin/system";
  static final String RUNTIME = "/admin/dashboard";
  static final String LIMITS = "/admin/limits";

  private static final int RECENT_ACTIONS = 8;
  private static final int POINTS = 120;
  private static final Duration CHARTS_EVERY = Duration.ofSeconds(5);

  /**
   * A page of figures and charts.
   *
   * @param live the name of its live region
   * @param cards the columns that are shown as figures
   */
  private record Plan(
      String path,
      String live,
      String title,
      Permission permission,
      List<String> cards,
      List<ChartPlan> charts) {}

  private static final Plan OVERVIEW_PLAN =
      new Plan(
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

  private static final Plan CONNECTIONS_PLAN =
      new Plan(
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

  private static final Plan SYSTEM_PLAN =
      new Plan(
          SYSTEM,
          "system",
          "System",
          Permission.SYSTEM_READ,
          List.of(
              "store.commits",
              "store.commit.mean",
              "store.read.mean",
              "store.waiting",
              "store.refused",
              "consumers.lag",
              "memory.clients",
              "files.open",
              "cpu.system",
              "clock.offset"),
          List.of(
              ChartPlan.of("commits", "Commits and events", "store.commits", "events.posted"),
              ChartPlan.of("commit", "Commit time", "store.commit.mean", "store.commit.max"),
              ChartPlan.perNode("waiting", "Store calls waiting", "store.waiting"),
              ChartPlan.perNode("cpu", "CPU of the machine", "cpu.system")));

  private static final Plan RUNTIME_PLAN =
      new Plan(
          RUNTIME,
          "runtime",
          "Runtime",
          Permission.SYSTEM_READ,
          List.of(
              "heap.used",
              "heap.max",
              "gc.time",
              "cpu.process",
              "threads",
              "loop.max",
              "loop.mean"),
          List.of(
              ChartPlan.perNode("heap", "Heap used", "heap.used"),
              ChartPlan.perNode("gc", "Time in GC pauses", "gc.time"),
              ChartPlan.perNode("cpu", "CPU of the process", "cpu.process"),
              ChartPlan.perNode("lag", "Event-loop lag", "loop.max")));

  private static final Plan LIMITS_PLAN =
      new Plan(
          LIMITS,
          "limits",
          "Rate limits",
          Permission.LIMITS_READ,
          List.of("http.limited", "sign.in.limited", "connections.refused", "sockets.strangers"),
          List.of(
              ChartPlan.of("limited", "Requests limited (429)", "http.limited"),
              ChartPlan.of(
                  "refused",
                  "Attempts and connections refused",
                  "sign.in.limited",
                  "connections.refused")));

  private final Bus bus;
  private final Changes changes;
  private final InstantSource clock;
  private final LiveViews live;
  private final SetupChecklist checklist;

  /**
   * @param takesSamples whether the server takes sample data
   */
  OperationsPages(
      Bus bus, Changes changes, InstantSource clock, LiveViews live, boolean takesSamples) {
    this.bus = bus;
    this.changes = changes;
    this.clock = clock;
    this.live = live;
    this.checklist = new SetupChecklist(bus, takesSamples);
  }

  @Override
  public void register(ConsoleRouter console) {
    menu(console, MenuEntry.Group.OVERVIEW, OVERVIEW_PLAN, "o");
    menu(console, MenuEntry.Group.PLAYERS, CONNECTIONS_PLAN, "n");
    menu(console, MenuEntry.Group.OPERATE, SYSTEM_PLAN, "y");
    menu(console, MenuEntry.Group.OPERATE, RUNTIME_PLAN, "r");
    menu(console, MenuEntry.Group.OPERATE, LIMITS_PLAN, null);
    console.pageForAll(OVERVIEW, this::overview);
    console.page(
        CONNECTIONS,
        CONNECTIONS_PLAN.permission(),
        request -> plain(request, CONNECTIONS_PLAN, Future.succeededFuture(List.of())));
    console.page(SYSTEM, SYSTEM_PLAN.permission(), request -> process(request, SYSTEM_PLAN));
    console.page(RUNTIME, RUNTIME_PLAN.permission(), request -> process(request, RUNTIME_PLAN));
    console.page(
        LIMITS, LIMITS_PLAN.permission(), request -> plain(request, LIMITS_PLAN, limits(request)));
    console.action(LIMITS + "/:network/forget", Permission.LIMITS_EDIT, this::forget);
    console.message("limit-forgotten", "The clients of this network may make requests again.");
    console.page(RUNTIME + "/threads", Permission.SYSTEM_DUMP, this::threads);
    for (Plan plan :
        List.of(OVERVIEW_PLAN, CONNECTIONS_PLAN, SYSTEM_PLAN, RUNTIME_PLAN, LIMITS_PLAN)) {
      live.add(
          plan.live(),
          plan.permission(),
          Duration.ofSeconds(1),
          parameters ->
              new PageFigures(plan, MetricRange.of(parameters.getOrDefault("range", ""))));
    }
  }

  private static void menu(
      ConsoleRouter console, MenuEntry.Group group, Plan plan, @Nullable String key) {
    console.menu(new MenuEntry(group, plan.title(), plan.path(), key, plan.permission()));
  }

  /** The live figures and charts of a page. */
  private final class PageFigures implements LiveSource {
    private final Plan plan;
    private final MetricRange range;
    private JsonObject charts = new JsonObject();
    private long chartsMs;

    PageFigures(Plan plan, MetricRange range) {
      this.plan = plan;
      this.range = range;
    }

    @Override
    public Future<JsonObject> next() {
      boolean due = clock.millis() - chartsMs >= CHARTS_EVERY.toMillis();
      Future<?> drawn = Future.succeededFuture();
      if (due) {
        chartsMs = clock.millis();
        drawn = history(plan, range).onSuccess(history -> charts = charts(plan, range, history));
      }
      return drawn.compose(_ -> bus.ask(new OperationsQuery.ListNodes())).map(this::message);
    }

    private JsonObject message(List<NodeReport> nodes) {
      var values = new JsonObject();
      for (Card card : cards(plan, nodes, null)) {
        values.put(card.key(), card.value());
      }
      List<NodeBox> boxes = NodeBoxes.of(nodes, clock);
      NodeBoxes.addValues(boxes, values);
      return JsonObject.of(
          "values", values,
          "charts", charts,
          "parts", JsonObject.of("nodes", NodeBoxes.version(boxes)));
    }
  }

  private Future<History> history(Plan plan, MetricRange range) {
    List<String> columns =
        Stream.of(
                plan.cards(),
                Charts.columns(plan.charts()),
                AttentionCheck.COLUMNS,
                SetupChecklist.COLUMNS)
            .flatMap(List::stream)
            .distinct()
            .toList();
    return bus.ask(new OperationsQuery.ReadHistory(range, columns, POINTS));
  }

  private static JsonObject charts(Plan plan, MetricRange range, History history) {
    var all = new JsonObject();
    for (ChartPlan one : plan.charts()) {
      all.put(one.id(), LiveCharts.json(Charts.draw(one, range, history)));
    }
    return all;
  }

  private static List<Card> cards(Plan plan, List<NodeReport> nodes, @Nullable History history) {
    List<Map<String, Double>> values =
        nodes.stream()
            .map(NodeReport::answer)
            .<Map<String, Double>>mapMulti(
                (answer, all) -> {
                  if (answer != null) {
                    all.accept(answer.values());
                  }
                })
            .toList();
    return plan.cards().stream()
        .map(
            key -> {
              MetricColumn column = MetricColumns.get(key);
              return new Card(
                  "card." + key,
                  column.title(),
                  Figures.text(column.unit(), Charts.total(column, values)),
                  history == null ? "" : Charts.spark(key, history),
                  "");
            })
        .toList();
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
    var history = history(OVERVIEW_PLAN, range);
    var hour = range == MetricRange.HOUR ? history : history(OVERVIEW_PLAN, MetricRange.HOUR);
    var configuration = bus.ask(new OperationsQuery.ReadConfiguration());
    var admins = admins(request);
    var failed = failedSignIns(request);
    var setup = setup(request, hour);
    var recent = recentActions(request);
    return Future.all(List.of(nodes, history, hour, configuration, admins, failed, setup, recent))
        .map(
            _ ->
                view(
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

  private Future<ConsoleView> plain(
      ConsoleRequest request, Plan plan, Future<List<Section>> sections) {
    return plain(request, plan, sections, List.of(), List.of());
  }

  private Future<ConsoleView> plain(
      ConsoleRequest request,
      Plan plan,
      Future<List<Section>> sections,
      List<Tab> tabs,
      List<Link> links) {
    MetricRange range = MetricRange.of(request.query("range"));
    var nodes = bus.ask(new OperationsQuery.ListNodes());
    var history = history(plan, range);
    return Future.all(nodes, history, sections)
        .map(
            _ ->
                view(
                        plan,
                        range,
                        nodes.result(),
                        history.result(),
                        Attention.NONE,
                        Setup.NONE,
                        tabs,
                        links,
                        sections.result())
                    .render(plan.title()));
  }

  private OperationsView view(
      Plan plan,
      MetricRange range,
      List<NodeReport> nodes,
      History history,
      Attention attention,
      Setup setup,
      List<Tab> tabs,
      List<Link> links,
      List<Section> sections) {
    List<NodeBox> boxes = NodeBoxes.of(nodes, clock);
    return new OperationsView(
        plan.live() + "?range=" + range.key(),
        ranges(plan.path(), range),
        tabs,
        links,
        history.silent().isEmpty()
            ? ""
            : "No answer from " + String.join(", ", history.silent()) + ".",
        cards(plan, nodes, history),
        attention,
        setup,
        plan.charts().stream().map(one -> Charts.draw(one, range, history)).toList(),
        boxes,
        NodeBoxes.version(boxes),
        sections);
  }

  private static List<Tab> ranges(String path, MetricRange current) {
    return Stream.of(MetricRange.values())
        .map(range -> new Tab(range.key(), path + "?range=" + range.key(), range == current))
        .toList();
  }

  /** A page with what one node says about its process. */
  private Future<ConsoleView> process(ConsoleRequest request, Plan plan) {
    return bus.ask(new OperationsQuery.ListNodes())
        .compose(
            nodes -> {
              String node = chosen(request, nodes);
              var sections =
                  bus.ask(new OperationsQuery.ReadRuntime(node))
                      .map(runtime -> sections(plan, runtime));
              List<Link> links =
                  plan.equals(RUNTIME_PLAN) && request.may(Permission.SYSTEM_DUMP)
                      ? List.of(
                          new Link(
                              "Threads of " + node,
                              ListLinks.of(RUNTIME + "/threads", "node", node)))
                      : List.of();
              return plain(request, plan, sections, nodeTabs(plan.path(), nodes, node), links);
            });
  }

  private static String chosen(ConsoleRequest request, List<NodeReport> nodes) {
    String asked = request.query("node");
    List<NodeReport> living = nodes.stream().filter(NodeReport::alive).toList();
    return living.stream()
        .filter(node -> asked.isEmpty() ? node.here() : node.node().equals(asked))
        .findFirst()
        .or(() -> living.stream().filter(NodeReport::here).findFirst())
        .map(NodeReport::node)
        .orElse("");
  }

  private static List<Tab> nodeTabs(String path, List<NodeReport> nodes, String current) {
    return nodes.stream()
        .filter(NodeReport::alive)
        .map(NodeReport::node)
        .map(name -> new Tab(name, ListLinks.of(path, "node", name), name.equals(current)))
        .toList();
  }

  private static List<Section> sections(Plan plan, OperationsQuery.ProcessFacts runtime) {
    List<Fact> facts = runtime.facts();
    if (facts == null) {
      return List.of(
          Section.text("process", "Process", "Node " + runtime.node() + " does not answer."));
    }
    var groups = new LinkedHashMap<String, List<RecordPage.Fact>>();
    for (Fact fact : facts) {
      boolean shown =
          plan.equals(RUNTIME_PLAN)
              || fact.group().equals("Process")
              || fact.group().equals("Disk");
      if (shown) {
        groups
            .computeIfAbsent(fact.group(), _ -> new ArrayList<>())
            .add(RecordPage.Fact.of(fact.name(), Cell.text(fact.value())));
      }
    }
    return groups.entrySet().stream()
        .map(
            group ->
                Section.facts(
                    "g" + Integer.toHexString(group.getKey().hashCode()),
                    group.getKey(),
                    group.getValue()))
        .toList();
  }

  /** The clients that are limited now, and what the limits are. */
  private Future<List<Section>> limits(ConsoleRequest request) {
    var configured = configuredLimits();
    var limited = bus.ask(new OperationsQuery.ListLimited());
    return Future.all(configured, limited)
        .map(_ -> List.of(limitedNow(request, limited.result()), configured.result()));
  }

  private static Section limitedNow(ConsoleRequest request, OperationsQuery.LimitedPage limited) {
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    boolean edits = request.may(Permission.LIMITS_EDIT);
    var rows = new ArrayList<Row>();
    for (OperationsQuery.Limited client : limited.clients()) {
      String id = HexFormat.of().formatHex(client.network().getBytes(StandardCharsets.UTF_8));
      String shown = personal ? client.network() : "hidden";
      rows.add(
          new Row(
              client.node() + "-" + client.limit() + "-" + (personal ? id : rows.size()),
              shown,
              List.of(
                  Cell.code(shown),
                  Cell.text(client.limit()),
                  Cell.number(client.count()),
                  Cell.text(Figures.duration(Duration.ofMillis(client.waitMs()))),
                  Cell.text(client.node())),
              edits && personal
                  ? List.of(new ListView.Action("Forget", LIMITS + "/" + id + "/forget", 1))
                  : List.of()));
    }
    var table =
        new ListView(
            "limited",
            "Limited now",
            List.of(
                Column.of("Network", 1),
                Column.of("Limit", 1),
                Column.of("Requests", 2),
                Column.of("Until then", 2),
                Column.of("Node", 3)),
            rows,
            false);
    String note =
        limited.silent().isEmpty()
            ? ""
            : "No answer from " + String.join(", ", limited.silent()) + ".";
    return Section.table("limited", "Limited now", table, Pager.NONE, "Nobody is limited.")
        .withNote(note);
  }

  private Future<ConsoleView> forget(ConsoleRequest request) {
    String network;
    try {
      network =
          new String(HexFormat.of().parseHex(request.path("network")), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return Future.failedFuture(Refused.missing("not_found"));
    }
    return Confirmation.level1(
            "Let clients of " + network + " make requests again?",
            "Their requests of this window of time are forgotten on all nodes.",
            "Forget")
        .ask(
            request,
            LIMITS,
            ConsoleView.done(LIMITS, "limit-forgotten"),
            () ->
                changes.make(
                    request,
                    new OperationsQuery.ForgetLimited(network),
                    "admin_forget_limited",
                    "limits/" + network));
  }

  /** What requests, sockets and sign-ins are limited to, as configured. */
  private Future<Section> configuredLimits() {
    return bus.ask(new OperationsQuery.ReadConfiguration())
        .map(
            configuration -> {
              var facts = new ArrayList<RecordPage.Fact>();
              for (ConfigEntry entry : configuration.entries()) {
                if (entry.key().startsWith("rateLimit.")) {
                  String value = entry.value();
                  facts.add(
                      RecordPage.Fact.of(
                          entry.key(),
                          Cell.code(value == null ? "not set" : value),
                          Cell.text(entry.meaning())));
                }
              }
              return Section.facts("configured", "Limits", facts)
                  .withNote("They change with the configuration and a restart.");
            });
  }

  private Future<ConsoleView> threads(ConsoleRequest request) {
    String node = request.query("node");
    return changes
        .recordRead(request, "console_dump_threads", "nodes/" + node, Map.of())
        .compose(_ -> bus.ask(new OperationsQuery.DumpThreads(node)))
        .map(
            text ->
                new RecordPage(
                        List.of(new Link("Runtime", RUNTIME)),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(
                            Section.text(
                                "stacks",
                                "Platform threads",
                                text.isEmpty() ? "Node " + node + " does not answer." : text)))
                    .render("Threads of " + node));
  }

  /** Charts as live messages have them. */
  private static final class LiveCharts {
    static JsonObject json(Chart chart) {
      var lines = new JsonArray();
      for (Chart.Series line : chart.lines()) {
        lines.add(
            JsonObject.of(
                "path",
                line.path(),
                "area",
                line.area(),
                "now",
                line.now(),
                "values",
                line.values()));
      }
      var gaps = new JsonArray();
      chart.gaps().forEach(gap -> gaps.add(JsonObject.of("x", gap.x(), "width", gap.width())));
      return JsonObject.of(
          "now", chart.now(),
          "sentence", chart.sentence(),
          "top", chart.top(),
          "half", chart.half(),
          "start", chart.start(),
          "end", chart.end(),
          "labels", chart.labels(),
          "lines", lines,
          "gaps", gaps);
    }
  }
}
