package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.NodeReport;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.OperationsQuery.Fact;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.protocol.console.RecordPage.Tab;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pages System and Runtime, with what one node says about its process. */
final class ProcessPages implements ConsoleSection {
  static final String SYSTEM = "/admin/system";
  static final String RUNTIME = "/admin/dashboard";

  private static final FiguresPlan SYSTEM_PLAN =
      new FiguresPlan(
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

  private static final FiguresPlan RUNTIME_PLAN =
      new FiguresPlan(
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

  private final Bus bus;
  private final Changes changes;
  private final FiguresPages figures;

  ProcessPages(Bus bus, Changes changes, FiguresPages figures) {
    this.bus = bus;
    this.changes = changes;
    this.figures = figures;
  }

  @Override
  public void register(ConsoleRouter console) {
    figures.add(console, MenuEntry.Group.OPERATE, SYSTEM_PLAN, "y");
    figures.add(console, MenuEntry.Group.OPERATE, RUNTIME_PLAN, "r");
    console.page(SYSTEM, SYSTEM_PLAN.permission(), request -> process(request, SYSTEM_PLAN));
    console.page(RUNTIME, RUNTIME_PLAN.permission(), request -> process(request, RUNTIME_PLAN));
    console.page(RUNTIME + "/threads", Permission.SYSTEM_DUMP, this::threads);
  }

  /** A page with what one node says about its process. */
  private Future<ConsoleView> process(ConsoleRequest request, FiguresPlan plan) {
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
              return figures.show(
                  request, plan, sections, nodeTabs(plan.path(), nodes, node), links);
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

  private static List<Section> sections(FiguresPlan plan, OperationsQuery.ProcessFacts runtime) {
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

  private Future<ConsoleView> threads(ConsoleRequest request) {
    String node = request.query("node");
    return changes
        .recordRead(request, "console_dump_threads", "nodes/" + node, Map.of())
        .compose(_ -> bus.ask(new OperationsQuery.DumpThreads(node)))
        .map(
            text ->
                RecordPage.of(
                        List.of(new Link("Runtime", RUNTIME)),
                        List.of(
                            Section.text(
                                "stacks",
                                "Platform threads",
                                text.isEmpty() ? "Node " + node + " does not answer." : text)))
                    .render("Threads of " + node));
  }
}
