package dev.rookery.protocol.console;

import dev.rookery.console.MetricColumn.Combine;
import dev.rookery.console.MetricColumn.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The lines of a chart, which have values at the same times, and their forms: paths, gaps, the rows
 * of a table, and a sentence. A missing value is a gap.
 */
final class ChartLines {
  private static final int ROWS = 12;

  private final List<Curve> lines;
  private final Unit unit;
  private final Combine combine;
  private final long startMs;
  private final long stepMs;
  private final LongFunction<String> times;
  private final int size;
  private final double top;

  /** The values of a line with its name. */
  static final class Curve {
    private final String label;
    private final float[] values;

    /**
     * @param values NaN where one is missing
     */
    Curve(String label, float[] values) {
      this.label = label;
      this.values = values;
    }

    private boolean isMissing(int index) {
      return index >= values.length || Float.isNaN(values[index]);
    }

    /** NaN if there is none. */
    private float last() {
      return values.length == 0 ? Float.NaN : values[values.length - 1];
    }

    /** The index of the largest value; negative if all are missing. */
    private int largest() {
      int largest = -1;
      for (int i = 0; i < values.length; i++) {
        if (!Float.isNaN(values[i]) && (largest < 0 || values[i] > values[largest])) {
          largest = i;
        }
      }
      return largest;
    }

    /** The mean of values, or the largest of them; NaN if all are missing. */
    private double summary(int from, int to, Combine combine) {
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
  }

  /**
   * @param combine whether values are added up, and averaged over time, or the largest of them
   *     shown
   * @param startMs the time of the first values
   * @param times the text of a time
   */
  ChartLines(
      List<Curve> lines,
      Unit unit,
      Combine combine,
      long startMs,
      long stepMs,
      LongFunction<String> times) {
    this.lines = lines;
    this.unit = unit;
    this.combine = combine;
    this.startMs = startMs;
    this.stepMs = stepMs;
    this.times = times;
    this.size = lines.stream().mapToInt(line -> line.values.length).max().orElse(0);
    this.top = top(lines, unit);
  }

  /** How long all of the chart is. */
  long lengthMs() {
    return size * stepMs;
  }

  /** The value now of all lines together: their sum, or the largest. */
  String now() {
    double now = Double.NaN;
    for (Curve line : lines) {
      float value = line.last();
      if (!Float.isNaN(value)) {
        now =
            Double.isNaN(now) ? value : combine == Combine.SUM ? now + value : Math.max(now, value);
      }
    }
    return Figures.text(unit, now);
  }

  /** The value now of the first line; empty if there is no line. */
  String nowOfFirst() {
    return lines.isEmpty() ? "" : Figures.text(unit, lines.getFirst().last());
  }

  /**
   * Draws the chart.
   *
   * @param now the value now
   * @param silent the nodes that did not answer
   */
  Chart draw(String id, String title, String now, List<Chart.Mark> marks, List<String> silent) {
    return new Chart(
        id,
        title,
        now,
        sentence(title, silent),
        Figures.text(unit, top),
        Figures.text(unit, top / 2),
        series(),
        gaps(),
        marks,
        time(0),
        time(size),
        labels(),
        rows());
  }

  private String time(int index) {
    return times.apply(startMs + index * stepMs);
  }

  private List<Chart.Series> series() {
    var series = new ArrayList<Chart.Series>();
    for (Curve line : lines) {
      series.add(
          new Chart.Series(
              line.label,
              LineShape.path(line.values, top, Chart.WIDTH, Chart.HEIGHT),
              series.isEmpty() ? LineShape.area(line.values, top) : "",
              Figures.text(unit, line.last()),
              texts(line.values)));
    }
    return series;
  }

  private String texts(float[] values) {
    var text = new StringBuilder();
    for (float value : values) {
      text.append(text.isEmpty() ? "" : ";").append(Figures.text(unit, value));
    }
    return text.toString();
  }

  /** The upper edge: the next of 1, 2, 5, 10, … that is not below the largest value. */
  private static double top(List<Curve> lines, Unit unit) {
    double largest = 0;
    for (Curve line : lines) {
      int index = line.largest();
      largest = index < 0 ? largest : Math.max(largest, line.values[index]);
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

  private List<Chart.Gap> gaps() {
    var gaps = new ArrayList<Chart.Gap>();
    int from = -1;
    for (int i = 0; i <= size; i++) {
      int at = i;
      boolean missing = i < size && lines.stream().allMatch(line -> line.isMissing(at));
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

  private String sentence(String title, List<String> silent) {
    var text = new StringBuilder(title).append(": ");
    var parts = new ArrayList<String>();
    for (Curve line : lines) {
      int largest = line.largest();
      String name = lines.size() == 1 ? "" : line.label + " ";
      parts.add(
          largest < 0
              ? name + "no values yet"
              : name
                  + "now "
                  + Figures.text(unit, line.last())
                  + ", highest "
                  + Figures.text(unit, line.values[largest])
                  + " at "
                  + time(largest)
                  + " UTC");
    }
    text.append(String.join("; ", parts)).append('.');
    if (!silent.isEmpty()) {
      text.append(" No answer from ").append(String.join(", ", silent)).append('.');
    }
    return text.toString();
  }

  private String labels() {
    var text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ";").append(time(i));
    }
    return text.toString();
  }

  /** A dozen rows, each of a stretch of the chart. */
  private List<Chart.Row> rows() {
    int each = Math.max(1, Math.ceilDiv(size, ROWS));
    var rows = new ArrayList<Chart.Row>();
    for (int from = 0; from < size; from += each) {
      var values = new ArrayList<String>();
      for (Curve line : lines) {
        values.add(Figures.text(unit, line.summary(from, from + each, combine)));
      }
      rows.add(new Chart.Row(time(from), values));
    }
    return rows;
  }
}
