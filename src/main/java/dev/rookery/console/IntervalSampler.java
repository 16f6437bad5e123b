package dev.rookery.console;

import dev.rookery.console.MetricColumn.Unit;
import dev.rookery.console.MetricColumns.Definition;
import dev.rookery.console.MetricSource.Statistic;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one value for each column out of the meters at the begin and at the end of an interval, and
 * of the gauges that were read meanwhile. A value that cannot be known, such as a rate without a
 * begin or a percentile of nothing, is {@link Float#NaN}. Not thread-safe.
 */
final class IntervalSampler {
  private final List<Definition> definitions = MetricColumns.definitions();
  private final double[] gaugeSums = new double[definitions.size()];
  private final int[] gaugeCounts = new int[definitions.size()];
  private final double[] gaugesLargest = new double[definitions.size()];
  private @Nullable MeterSums begin;

  /** Takes note of the gauges within the interval. */
  void observe(MeterSums now) {
    for (int i = 0; i < definitions.size(); i++) {
      Definition definition = definitions.get(i);
      int source = definition.source();
      if (now.has(source)) {
        gaugeSums[i] += now.gauge(source);
        gaugeCounts[i]++;
        gaugesLargest[i] = Math.max(gaugesLargest[i], now.largest(source));
      }
    }
  }

  /** Ends the interval and begins the next one. */
  float[] end(MeterSums now, double seconds) {
    var values = new float[definitions.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(i, now, seconds);
    }
    begin = now;
    Arrays.fill(gaugeSums, 0);
    Arrays.fill(gaugeCounts, 0);
    Arrays.fill(gaugesLargest, 0);
    return values;
  }

  private float value(int index, MeterSums now, double seconds) {
    Definition definition = definitions.get(index);
    int source = definition.source();
    Statistic statistic = definition.statistic();
    if (!now.has(source)) {
      return absent(definition);
    }
    if (statistic == Statistic.GAUGE) {
      return switch (definition.column().combine()) {
        case SUM ->
            gaugeCounts[index] == 0
                ? (float) now.gauge(source)
                : (float) (gaugeSums[index] / gaugeCounts[index]);
        case LARGEST -> (float) Math.max(gaugesLargest[index], now.largest(source));
      };
    }
    if (statistic == Statistic.LARGEST) {
      return (float) Math.max(gaugesLargest[index], now.largest(source));
    }
    MeterSums before = begin;
    if (before == null || seconds <= 0) {
      return Float.NaN;
    }
    // A meter that is new has begun at 0.
    double count = now.count(source) - before.count(source);
    double total = now.total(source) - before.total(source);
    return switch (statistic) {
      case RATE -> (float) (Math.max(0, count) / seconds);
      case MEAN -> count <= 0 ? Float.NaN : (float) (total / count);
      case TIME_PART -> (float) Math.clamp(total / seconds, 0, 1);
      case P50 -> percentile(0.50, before, now, source);
      case P95 -> percentile(0.95, before, now, source);
      case P99 -> percentile(0.99, before, now, source);
      case GAUGE, LARGEST -> throw new IllegalStateException(statistic.toString());
    };
  }

  /** Meters with labels appear when something happens first: until then, nothing has. */
  private float absent(Definition definition) {
    boolean nothing =
        switch (definition.statistic()) {
          case RATE -> begin != null;
          case GAUGE -> definition.column().unit() == Unit.COUNT;
          case MEAN, LARGEST, TIME_PART, P50, P95, P99 -> false;
        };
    return nothing ? 0 : Float.NaN;
  }

  /**
   * The percentile of what was measured in the interval, by linear interpolation in its bucket;
   * beyond the last bound, the largest measurement.
   */
  private static float percentile(double part, MeterSums before, MeterSums now, int source) {
    double all = now.count(source) - before.count(source);
    Map<Double, Double> earlier = before.buckets(source);
    if (all <= 0 || now.buckets(source).isEmpty()) {
      return Float.NaN;
    }
    double wanted = part * all;
    double lowerBound = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : now.buckets(source).entrySet()) {
      double upTo = bucket.getValue() - earlier.getOrDefault(bucket.getKey(), 0.0);
      if (upTo >= wanted && upTo > below) {
        double within = (wanted - below) / (upTo - below);
        return (float) (lowerBound + within * (bucket.getKey() - lowerBound));
      }
      below = Math.max(below, upTo);
      lowerBound = bucket.getKey();
    }
    return (float) Math.max(lowerBound, now.largest(source));
  }
}
