package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.MetricColumn;
import dev.rookery.console.MetricColumns;
import dev.rookery.console.MetricRange;
import dev.rookery.console.NodeReport;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.OperationsQuery.History;
import dev.rookery.protocol.console.OperationsView.Attention;
import dev.rookery.protocol.console.OperationsView.Card;
import dev.rookery.protocol.console.OperationsView.NodeBox;
import dev.rookery.protocol.console.OperationsView.Setup;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.protocol.console.RecordPage.Tab;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shows pages that are made of the meters of the nodes. Their figures are live every second, their
 * charts every 5 s.
 */
final class FiguresPages {
  private static final int POINTS = 120;
  private static final Duration CHARTS_EVERY = Duration.ofSeconds(5);

  private final Bus bus;
  private final InstantSource clock;
  private final LiveViews live;

  FiguresPages(Bus bus, InstantSource clock, LiveViews live) {
    this.bus = bus;
    this.clock = clock;
    this.live = live;
  }

  /**
   * Adds a page to the menu, and its live region.
   *
   * @param key the key that opens it after {@code g}; null for none
   */
  void add(ConsoleRouter console, MenuEntry.Group group, FiguresPlan plan, @Nullable String key) {
    console.menu(new MenuEntry(group, plan.title(), plan.path(), key, plan.permission()));
    live.add(
        plan.live(),
        plan.permission(),
        Duration.ofSeconds(1),
        parameters -> new PageFigures(plan, MetricRange.of(parameters.getOrDefault("range", ""))));
  }

  /** Shows a page with sections below its charts. */
  Future<ConsoleView> show(
      ConsoleRequest request, FiguresPlan plan, Future<List<Section>> sections) {
    return show(request, plan, sections, List.of(), List.of());
  }

  /** As {@link #show(ConsoleRequest, FiguresPlan, Future)}, with tabs and links above. */
  Future<ConsoleView> show(
      ConsoleRequest request,
      FiguresPlan plan,
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

  /** A page whose figures have been read. */
  OperationsView view(
      FiguresPlan plan,
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

  /** Reads what the charts of a page show. */
  Future<History> history(FiguresPlan plan, MetricRange range) {
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

  private static JsonObject charts(FiguresPlan plan, MetricRange range, History history) {
    var all = new JsonObject();
    for (ChartPlan one : plan.charts()) {
      all.put(one.id(), LiveCharts.json(Charts.draw(one, range, history)));
    }
    return all;
  }

  private static List<Card> cards(
      FiguresPlan plan, List<NodeReport> nodes, @Nullable History history) {
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

  /** The live figures and charts of a page. */
  private final class PageFigures implements LiveSource {
    private final FiguresPlan plan;
    private final MetricRange range;
    private JsonObject charts = new JsonObject();
    private long chartsMs;

    PageFigures(FiguresPlan plan, MetricRange range) {
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
