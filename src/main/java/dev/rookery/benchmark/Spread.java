package dev.rookery.benchmark;

import java.util.Collection;
import java.util.Locale;

/** The middle of several measurements of the same thing, and how far they are apart. */
record Spread(double median, double min, double max) {
  static Spread of(Collection<Double> values) {
    double[] sorted =
        values.stream()
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (sorted.length == 0) {
      return new Spread(Double.NaN, Double.NaN, Double.NaN);
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  @Override
  public String toString() {
    return Double.isNaN(median)
        ? "-"
        : String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median, min, max);
  }
}
