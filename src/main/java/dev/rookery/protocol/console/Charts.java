package dev.rookery.protocol.console;

import dev.rookery.console.MetricColumn;
import dev.rookery.console.MetricColumn.Combine;
import dev.rookery.console.MetricColumn.Unit;
import dev.rookery.console.MetricColumns;
import dev.rookery.console.MetricPoints;
import dev.rookery.console.MetricRange;
import dev.rookery.console.OperationsQuery.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws charts of the history of meters. A missing value is a gap; where nodes are combined,
 * percentiles and other largest values are never averaged.
 */
final class Charts {
  private static final int LINES_MAX = 4;
  private static final int ROWS = 12;
  private static final int SPARK_WIDTH = 120;
  private static final int SPARK_HEIGHT = 32;

  /** Values of a chart that belong together. */
  private static final class Values {
    private final String label;
    private final float[] values;

    Values(String label, float[] values) {
      this.label = label;
      this.values = values;
    }

    String label() {
      return label;
    }

    float[] values() {
      return values;
    }
  }

  private Charts() {}

  /** Draws a chart of what the nodes answered. */
  static Chart draw(ChartPlan plan, MetricRange range, History history) {
    MetricColumn first = MetricColumns.get(plan.columns().getFirst());
    List<Values> series = series(plan, history);
    int size = size(series);
    var any = history.nodes().values().stream().findFirst();
    long startMs =
        any.map(MetricPoints::startMs).orElse(history.endMs() - range.length().toMillis());
    long stepMs = any.map(MetricPoints::stepMs).orElse(range.step().toMillis());
    Unit unit = first.unit();
    double top = top(series, unit);
    var lines = new ArrayList<Chart.Series>();
    for (Values one : series) {
      lines.add(
          new Chart.Series(
              one.label(),
              LineShape.path(one.values(), top, Chart.WIDTH, Chart.HEIGHT),
              lines.isEmpty() ? LineShape.area(one.values(), top) : "",
              Figures.text(unit, last(one.values())),
              texts(one.values(), unit)));
    }
    return new Chart(
        plan.id(),
        plan.title(),
        now(series, first),
        sentence(plan, series, unit, startMs, stepMs, range, history.silent()),
        Figures.text(unit, top),
        Figures.text(unit, top / 2),
        lines,
        gaps(series, size),
        marks(history, startMs, (long) size * stepMs),
        Figures.moment(startMs, range.length()),
        Figures.moment(startMs + size * stepMs, range.length()),
        labels(startMs, stepMs, size, range),
        rows(series, unit, startMs, stepMs, range, first.combine()));
  }

  /**
   * Draws values that are no column of the history.
   *
   * @param lines the values by the name of their line, of the same times, at most four
   */
  static Chart draw(
      String id, String title, Unit unit, Map<String, float[]> lines, long startMs, long stepMs) {
    var range = MetricRange.HOUR;
    List<Values> series =
        lines.entrySet().stream()
            .limit(LINES_MAX)
            .map(line -> new Values(line.getKey(), line.getValue()))
            .toList();
    double top = top(series, unit);
    var drawn = new ArrayList<Chart.Series>();
    for (Values one : series) {
      drawn.add(
          new Chart.Series(
              one.label(),
              LineShape.path(one.values(), top, Chart.WIDTH, Chart.HEIGHT),
              drawn.isEmpty() ? LineShape.area(one.values(), top) : "",
              Figures.text(unit, last(one.values())),
              texts(one.values(), unit)));
    }
    int size = size(series);
    return new Chart(
        id,
        title,
        series.isEmpty() ? "" : Figures.text(unit, last(series.getFirst().values())),
        sentence(
            new ChartPlan(id, title, List.of(), false),
            series,
            unit,
            startMs,
            stepMs,
            range,
            List.of()),
        Figures.text(unit, top),
        Figures.text(unit, top / 2),
        drawn,
        gaps(series, size),
        List.of(),
        Figures.clock(startMs),
        Figures.clock(startMs + size * stepMs),
        labels(startMs, stepMs, size, range),
        rows(series, unit, startMs, stepMs, range, Combine.LARGEST));
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

  private static int size(List<Values> series) {
    return series.stream().mapToInt(one -> one.values().length).max().orElse(0);
  }

  private static List<Values> series(ChartPlan plan, History history) {
    if (plan.perNode() && history.nodes().size() > 1 && history.nodes().size() <= LINES_MAX) {
      String column = plan.columns().getFirst();
      return history.nodes().entrySet().stream()
          .map(
              node ->
                  new Values(
                      node.getKey(), node.getValue().values().getOrDefault(column, new float[0])))
          .toList();
    }
    return plan.columns().stream()
        .limit(LINES_MAX)
        .map(MetricColumns::get)
        .map(column -> new Values(column.title(), combine(column, history)))
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

  /** The upper edge: the next of 1, 2, 5, 10, … that is not below the largest value. */
  private static double top(List<Values> series, Unit unit) {
    double largest = 0;
    for (Values one : series) {
      for (float value : one.values()) {
        largest = Float.isNaN(value) ? largest : Math.max(largest, value);
      }
    }
    if (largest == 0) {
      return switch (unit) {
        case SECONDS -> 0.001;
        case BYTES, BYTES_PER_SECOND -> 1_024;
        case COUNT, PER_SECOND, PART -> 1;
      };
    }
    double power = Math.pow(10, Math.floor(Math.log10(largest)));
    for (double step : new double[] {1, 2, 5, 10}) {
      if (largest <= step * power) {
        return step * power;
      }
    }
    return largest;
  }

  private static List<Chart.Gap> gaps(List<Values> series, int size) {
    var gaps = new ArrayList<Chart.Gap>();
    int from = -1;
    for (int i = 0; i <= size; i++) {
      int at = i;
      boolean missing =
          i < size
              && series.stream()
                  .allMatch(one -> at >= one.values().length || Float.isNaN(one.values()[at]));
      if (missing && from < 0) {
        from = i;
      } else if (!missing && from >= 0) {
        double start = LineShape.x(Math.max(0, from - 1), size, Chart.WIDTH);
        double end = LineShape.x(Math.min(size - 1, i), size, Chart.WIDTH);
        gaps.add(
            new Chart.Gap(
                LineShape.coordinate(start), LineShape.coordinate(Math.max(1, end - start))));
        from = -1;
      }
    }
    return gaps;
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

  private static float last(float[] values) {
    return values.length == 0 ? Float.NaN : values[values.length - 1];
  }

  private static String now(List<Values> series, MetricColumn column) {
    double now = Double.NaN;
    for (Values one : series) {
      float value = last(one.values());
      if (!Float.isNaN(value)) {
        now =
            Double.isNaN(now)
                ? value
                : column.combine() == Combine.SUM ? now + value : Math.max(now, value);
      }
    }
    return Figures.text(column.unit(), now);
  }

  private static String sentence(
      ChartPlan plan,
      List<Values> series,
      Unit unit,
      long startMs,
      long stepMs,
      MetricRange range,
      List<String> silent) {
    var text = new StringBuilder(plan.title()).append(": ");
    var parts = new ArrayList<String>();
    for (Values one : series) {
      int largest = -1;
      for (int i = 0; i < one.values().length; i++) {
        float value = one.values()[i];
        if (!Float.isNaN(value) && (largest < 0 || value > one.values()[largest])) {
          largest = i;
        }
      }
      String name = series.size() == 1 ? "" : one.label() + " ";
      parts.add(
          largest < 0
              ? name + "no values yet"
              : name
                  + "now "
                  + Figures.text(unit, last(one.values()))
                  + ", highest "
                  + Figures.text(unit, one.values()[largest])
                  + " at "
                  + Figures.moment(startMs + largest * stepMs, range.length())
                  + " UTC");
    }
    text.append(String.join("; ", parts)).append('.');
    if (!silent.isEmpty()) {
      text.append(" No answer from ").append(String.join(", ", silent)).append('.');
    }
    return text.toString();
  }

  private static String texts(float[] values, Unit unit) {
    var text = new StringBuilder();
    for (float value : values) {
      text.append(text.isEmpty() ? "" : ";").append(Figures.text(unit, value));
    }
    return text.toString();
  }

  private static String labels(long startMs, long stepMs, int size, MetricRange range) {
    var text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ";").append(Figures.moment(startMs + i * stepMs, range.length()));
    }
    return text.toString();
  }

  /** A dozen rows, each of a stretch of the chart: its mean, or its largest value. */
  private static List<Chart.Row> rows(
      List<Values> series,
      Unit unit,
      long startMs,
      long stepMs,
      MetricRange range,
      Combine combine) {
    int size = size(series);
    int each = Math.max(1, Math.ceilDiv(size, ROWS));
    var rows = new ArrayList<Chart.Row>();
    for (int from = 0; from < size; from += each) {
      var values = new ArrayList<String>();
      for (Values one : series) {
        values.add(Figures.text(unit, summary(one.values(), from, from + each, combine)));
      }
      rows.add(new Chart.Row(Figures.moment(startMs + from * stepMs, range.length()), values));
    }
    return rows;
  }

  private static double summary(float[] values, int from, int to, Combine combine) {
    double sum = 0;
    double largest = 0;
    int count = 0;
    for (int i = from; i < Math.min(to, values.length); i++) {
      if (!Float.isNaN(values[i])) {
        largest = count == 0 ? values[i] : Math.max(largest, values[i]);
        sum += values[i];
        count++;
      }
    }
    if (count == 0) {
      return Double.NaN;
    }
    return combine == Combine.SUM ? sum / count : largest;
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
