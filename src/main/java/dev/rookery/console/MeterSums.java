package dev.rookery.console;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the meters of each source say at one moment, added up. */
final class MeterSums {
  private final double[] gauges;
  private final double[] counts;
  private final double[] totals;
  private final double[] largest;
  private final boolean[] present;

  /** For each source the number of measurements up to each bound, in seconds. */
  private final @Nullable TreeMap<Double, Double>[] buckets;

  @SuppressWarnings({"unchecked", "rawtypes"}) // An array of a generic type cannot be created.
  MeterSums(int sources) {
    gauges = new double[sources];
    counts = new double[sources];
    totals = new double[sources];
    largest = new double[sources];
    present = new boolean[sources];
    buckets = new TreeMap[sources];
  }

  void addGauge(int source, double value) {
    // A gauge whose object is gone, or a limit that is not set.
    if (!Double.isNaN(value)) {
      gauges[source] += value;
      largest[source] = Math.max(largest[source], Math.abs(value));
      present[source] = true;
    }
  }

  void addCount(int source, double count) {
    counts[source] += count;
    present[source] = true;
  }

  void addTimer(int source, double count, double total, double max) {
    counts[source] += count;
    totals[source] += total;
    largest[source] = Math.max(largest[source], max);
    present[source] = true;
  }

  void addBucket(int source, double bound, double count) {
    TreeMap<Double, Double> of = buckets[source];
    if (of == null) {
      of = new TreeMap<>();
      buckets[source] = of;
    }
    of.merge(bound, count, Double::sum);
  }

  boolean has(int source) {
    return present[source];
  }

  double gauge(int source) {
    return gauges[source];
  }

  double count(int source) {
    return counts[source];
  }

  double total(int source) {
    return totals[source];
  }

  double largest(int source) {
    return largest[source];
  }

  Map<Double, Double> buckets(int source) {
    TreeMap<Double, Double> of = buckets[source];
    return of == null ? Map.of() : of;
  }
}
