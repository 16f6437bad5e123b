package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.MetricColumn.Unit;
import dev.rookery.console.NodeReport;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.Permission;
import dev.rookery.console.TraceQuery;
import dev.rookery.console.TraceQuery.NodeTrace;
import dev.rookery.console.TraceQuery.TracePage;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.trace.OperationSummary;
import dev.rookery.trace.Span.Outcome;
import dev.rookery.trace.Trace;
import dev.rookery.trace.TraceFilter;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The traces of requests and frames that all nodes keep: their operations, and each trace. */
final class TracePages implements ConsoleSection {
  static final String PATH = "/admin/traces";

  private static final String TRACE = PATH + "/:trace";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern MILLIS = Pattern.compile("\\d{1,7}");
  private static final String YES = "true";
  private static final int TRACES_SHOWN = 40;
  private static final int OPERATIONS_SHOWN = 30;
  private static final double MICROS = 1e6;

  private final Bus bus;

  TracePages(Bus bus) {
    this.bus = bus;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.OPERATE, "Traces", PATH, null, Permission.TRACES_READ));
    console.page(PATH, Permission.TRACES_READ, this::list);
    console.page(TRACE, Permission.TRACES_READ, this::show);
  }

  /** Whether a text may be the id of a trace. */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** The address of the traces of a request. */
  static String ofRequest(String requestId) {
    return ListLinks.of(PATH, "request", requestId);
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    TraceFilter filter = filter(request);
    String node = request.query("node");
    var nodes = bus.ask(new OperationsQuery.ListNodes());
    var traces = bus.ask(new TraceQuery.ListTraces(filter, node));
    return Future.all(nodes, traces).map(_ -> list(filter, node, nodes.result(), traces.result()));
  }

  private static TraceFilter filter(ConsoleRequest request) {
    String millis = request.query("min");
    return new TraceFilter(
        request.query("operation"),
        request.query("request").strip(),
        request.query("failed").equals(YES),
        MILLIS.matcher(millis).matches() ? Long.parseLong(millis) * 1_000 : 0,
        request.query("slowest").equals(YES));
  }

  private static ConsoleView list(
      TraceFilter filter, String node, List<NodeReport> nodes, TracePage page) {
    var model = new HashMap<String, Object>();
    model.put("operation", filter.operation());
    model.put("request", filter.requestId());
    model.put("failed", filter.failed());
    model.put("slowest", filter.slowestFirst());
    model.put("min", filter.microsMin() == 0 ? "" : Long.toString(filter.microsMin() / 1_000));
    model.put("chosen", node);
    model.put(
        "names", nodes.stream().filter(NodeReport::alive).map(NodeReport::node).sorted().toList());
    model.put("said", said(page));
    model.put("operations", operations(page.operations(), node));
    model.put("traces", traces(page.traces()));
    return ConsoleView.page("traces", "Traces", model);
  }

  private static String said(TracePage page) {
    var text = new StringBuilder();
    text.append(
        page.sample() == 0
            ? "This node keeps no traces: traces.sample (ROOKERY_TRACES_SAMPLE) is 0."
            : Figures.text(Unit.PART, page.sample()) + " of the requests and frames are traced.");
    if (page.traces().size() > TRACES_SHOWN) {
      text.append(" Shown are the first ").append(TRACES_SHOWN).append(" traces that match.");
    }
    if (page.operations().size() > OPERATIONS_SHOWN) {
      text.append(" Shown are the ").append(OPERATIONS_SHOWN).append(" slowest operations.");
    }
    if (!page.silent().isEmpty()) {
      text.append(" No answer from ").append(String.join(", ", page.silent())).append('.');
    }
    return text.toString();
  }

  private static ListView operations(List<OperationSummary> operations, String node) {
    List<OperationSummary> slowest =
        operations.stream()
            .sorted(Comparator.comparingLong(OperationSummary::p99Micros).reversed())
            .limit(OPERATIONS_SHOWN)
            .toList();
    var rows = new ArrayList<Row>();
    for (OperationSummary one : slowest) {
      rows.add(
          new Row(
              Integer.toString(rows.size()),
              one.operation(),
              List.of(
                  Cell.link(
                      one.operation(),
                      ListLinks.of(PATH, "operation", one.operation(), "node", node)),
                  Cell.number(one.sampled()),
                  Cell.number(one.failed()),
                  Cell.text(time(one.p50Micros())),
                  Cell.text(time(one.p99Micros())),
                  Cell.number(one.kept()))));
    }
    return new ListView(
        "operations",
        "Operations",
        List.of(
            Column.of("Operation", 1),
            Column.of("Sampled", 2),
            Column.of("Failed", 1),
            Column.of("Median", 2),
            Column.of("99 %", 1),
            Column.of("Traces", 3)),
        rows,
        false);
  }

  private static ListView traces(List<NodeTrace> traces) {
    var rows = new ArrayList<Row>();
    for (NodeTrace of : traces.subList(0, Math.min(TRACES_SHOWN, traces.size()))) {
      Trace trace = of.trace();
      rows.add(
          new Row(
              trace.id(),
              trace.operation(),
              List.of(
                  Cell.link(trace.operation(), PATH + "/" + trace.id()),
                  outcome(trace.outcome()),
                  Cell.text(time(trace.micros())),
                  Cell.time(trace.startMs()),
                  Cell.text(of.node()),
                  trace.requestId().isEmpty() ? Cell.text("") : Cell.code(trace.requestId()))));
    }
    return new ListView(
        "traces",
        "Traces",
        List.of(
            Column.of("Operation", 1),
            Column.of("Outcome", 1),
            Column.of("Time", 1),
            Column.of("Begun", 2),
            Column.of("Node", 3),
            Column.of("Request", 4)),
        rows,
        false);
  }

  private static String time(long micros) {
    return Figures.text(Unit.SECONDS, micros / MICROS);
  }

  private static Cell outcome(Outcome outcome) {
    String tone =
        switch (outcome) {
          case DONE -> "good";
          case REFUSED -> "warn";
          case FAILED -> "bad";
          case OPEN -> "";
        };
    return Cell.badge(outcome.text(), tone);
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    String id = request.path("trace");
    if (!isId(id)) {
      return Future.failedFuture(Refused.missing("trace_not_found"));
    }
    return bus.ask(new TraceQuery.FindTrace(id)).map(found -> show(request, found));
  }

  private static ConsoleView show(ConsoleRequest request, NodeTrace found) {
    Trace trace = found.trace();
    String requestId = trace.requestId();
    var links = new ArrayList<Link>();
    links.add(new Link("Of this operation", ListLinks.of(PATH, "operation", trace.operation())));
    if (!requestId.isEmpty() && request.may(Permission.LOGS_READ)) {
      links.add(new Link("Lines of the log", LogPages.ofRequest(requestId)));
    }
    var facts = new ArrayList<Fact>();
    facts.add(Fact.of("Begun", Cell.time(trace.startMs())));
    facts.add(Fact.of("Time", Cell.text(time(trace.micros()))));
    facts.add(Fact.of("Node", Cell.text(found.node())));
    if (!requestId.isEmpty()) {
      facts.add(Fact.of("Request", Cell.code(requestId)));
    }
    if (trace.leftOut() > 0) {
      facts.add(Fact.of("Left out", Cell.text(trace.leftOut() + " parts beyond the maximum")));
    }
    Section section = Section.facts("trace", "Trace", facts);
    var record =
        new RecordPage(
            List.of(new Link("Traces", PATH)),
            List.of(outcome(trace.outcome())),
            links,
            List.of(),
            List.of(),
            List.of(
                trace.sampled()
                    ? section
                    : section.withNote(
                        "This request was not sampled. It was kept because it failed or was slow,"
                            + " and nothing is known of its parts.")));
    return ConsoleView.page(
        "trace", trace.operation(), Map.of("page", record, "bars", Waterfall.of(trace)));
  }
}
