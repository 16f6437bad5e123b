package dev.rookery.protocol.console;

import dev.rookery.console.MetricColumn;
import dev.rookery.console.MetricColumn.Combine;
import dev.rookery.console.MetricColumn.Unit;
import dev.rookery.console.MetricColumns;
import dev.rookery.console.MetricPoints;
import dev.rookery.console.MetricRange;
import dev.rookery.console.OperationsQuery.History;
import dev.rookery.protocol.console.ChartLines.Curve;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws charts of the history of meters. Where nodes are combined, percentiles and other largest
 * values are never averaged.
 */
final class Charts {
  private static final int LINES_MAX = 4;
  private static final int SPARK_WIDTH = 120;
  private static final int SPARK_HEIGHT = 32;

  private Charts() {}

  /** Draws a chart of what the nodes answered. */
  static Chart draw(ChartPlan plan, MetricRange range, History history) {
    MetricColumn first = MetricColumns.get(plan.columns().getFirst());
    var any = history.nodes().values().stream().findFirst();
    long startMs =
        any.map(MetricPoints::startMs).orElse(history.endMs() - range.length().toMillis());
    long stepMs = any.map(MetricPoints::stepMs).orElse(range.step().toMillis());
    var lines =
        new ChartLines(
            lines(plan, history),
            first.unit(),
            first.combine(),
            startMs,
            stepMs,
            ms -> Figures.moment(ms, range.length()));
    return lines.draw(
        plan.id(),
        plan.title(),
        lines.now(),
        marks(history, startMs, lines.lengthMs()),
        history.silent());
  }

  /**
   * Draws values that are no column of the history.
   *
   * @param values by the name of their line, of the same times, at most four
   */
  static Chart draw(
      String id, String title, Unit unit, Map<String, float[]> values, long startMs, long stepMs) {
    var lines =
        new ChartLines(
            values.entrySet().stream()
                .limit(LINES_MAX)
                .map(line -> new Curve(line.getKey(), line.getValue()))
                .toList(),
            unit,
            Combine.LARGEST,
            startMs,
            stepMs,
            Figures::clock);
    return lines.draw(id, title, lines.nowOfFirst(), List.of(), List.of());
  }

  /** The path of a small line of a column over all nodes, without axes. */
  static String spark(String column, History history) {
    float[] values = combine(MetricColumns.get(column), history);
    double top = 0;
    for (float value : values) {
      top = Float.isNaN(value) ? top : Math.max(top, value);
    }
    return LineShape.path(values, top == 0 ? 1 : top, SPARK_WIDTH, SPARK_HEIGHT);
  }

  private static List<Curve> lines(ChartPlan plan, History history) {
    if (plan.perNode() && history.nodes().size() > 1 && history.nodes().size() <= LINES_MAX) {
      String column = plan.columns().getFirst();
      return history.nodes().entrySet().stream()
          .map(
              node ->
                  new Curve(
                      node.getKey(), node.getValue().values().getOrDefault(column, new float[0])))
          .toList();
    }
    return plan.columns().stream()
        .limit(LINES_MAX)
        .map(MetricColumns::get)
        .map(column -> new Curve(column.title(), combine(column, history)))
        .toList();
  }

  /** One value for all nodes: their sum, or the largest. */
  static float[] combine(MetricColumn column, History history) {
    List<float[]> all =
        history.nodes().values().stream()
            .map(points -> points.values().getOrDefault(column.key(), new float[0]))
            .toList();
    int size = all.stream().mapToInt(values -> values.length).max().orElse(0);
    var combined = new float[size];
    Arrays.fill(combined, Float.NaN);
    for (float[] values : all) {
      for (int i = 0; i < values.length; i++) {
        if (Float.isNaN(combined[i])) {
          combined[i] = values[i];
        } else if (!Float.isNaN(values[i])) {
          combined[i] =
              column.combine() == Combine.SUM
                  ? combined[i] + values[i]
                  : Math.max(combined[i], values[i]);
        }
      }
    }
    return combined;
  }

  private static List<Chart.Mark> marks(History history, long startMs, long lengthMs) {
    var marks = new TreeMap<Long, String>();
    history
        .nodes()
        .forEach(
            (node, points) ->
                points
                    .marks()
                    .forEach(
                        mark ->
                            marks.merge(
                                mark.timeMs(),
                                node + " " + mark.text(),
                                (one, other) -> one + ", " + other)));
    return marks.entrySet().stream()
        .map(
            mark ->
                new Chart.Mark(
                    LineShape.coordinate(
                        (double) (mark.getKey() - startMs) * Chart.WIDTH / lengthMs),
                    Figures.clock(mark.getKey()) + " " + mark.getValue()))
        .toList();
  }

  /** All columns that charts need. */
  static List<String> columns(List<ChartPlan> plans) {
    return plans.stream().flatMap(plan -> plan.columns().stream()).distinct().toList();
  }

  /** The value of a column now, over all nodes that answered; NaN if none did. */
  static double total(MetricColumn column, List<Map<String, Double>> nodes) {
    double total = Double.NaN;
    for (Map<String, Double> values : nodes) {
      Double value = values.get(column.key());
      if (value != null) {
        total =
            Double.isNaN(total)
                ? value
                : column.combine() == Combine.SUM ? total + value : Math.max(total, value);
      }
    }
    return total;
  }
}
