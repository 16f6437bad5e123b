package dev.rookery.loadtest;

import dev.rookery.benchmark.Figures;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The result of a scenario: one row of the table.
 *
 * @param serverMicros processor time of the nodes per unit, in microseconds; NaN if it was not
 *     measured
 */
record ScenarioResult(
    String name,
    String unit,
    double perSecond,
    double p50,
    double p99,
    double p999,
    double serverMicros,
    double databaseMicros,
    long errors,
    long gaps,
    long repeats,
    @Nullable String firstError,
    List<String> notes) {
  private static final String HEADER =
      String.format(
          Locale.ROOT,
          "%-16s %-12s %12s %9s %9s %9s %9s %9s %7s %6s %8s%n",
          "scenario",
          "unit",
          "units/s",
          "p50 ms",
          "p99 ms",
          "p99.9 ms",
          "cpu µs",
          "db cpu µs",
          "errors",
          "gaps",
          "repeats");

  boolean isClean() {
    return errors == 0 && gaps == 0 && repeats == 0;
  }

  /** What is kept of it in a file of figures. */
  Figures figures(String description) {
    return new Figures(
        description, unit, perSecond, p50, p99, serverMicros, databaseMicros, isClean());
  }

  String table(@Nullable ScenarioResult baseline) {
    var text = new StringBuilder(HEADER).append(row(name));
    if (baseline != null) {
      text.append(baseline.row("  reference"));
      text.append(ratio(baseline));
    }
    notes.forEach(note -> text.append("  ").append(note).append('\n'));
    if (baseline != null) {
      baseline.notes.forEach(note -> text.append("  reference: ").append(note).append('\n'));
    }
    if (firstError != null) {
      text.append("  first error: ").append(firstError).append('\n');
    }
    return text.toString();
  }

  private String row(String title) {
    return String.format(
        Locale.ROOT,
        "%-16s %-12s %,12.0f %9.2f %9.2f %9.2f %9s %9s %,7d %,6d %,8d%n",
        title,
        unit,
        perSecond,
        p50,
        p99,
        p999,
        micros(serverMicros),
        micros(databaseMicros),
        errors,
        gaps,
        repeats);
  }

  /** The product relative to the baseline server: 1 would be equal. */
  private String ratio(ScenarioResult baseline) {
    return String.format(
        Locale.ROOT,
        "%-16s %-12s %12.2f %9s %9s %9s %9s%n",
        "  ratio",
        "",
        perSecond / baseline.perSecond,
        "",
        "",
        "",
        micros(baseline.serverMicros / serverMicros));
  }

  private static String micros(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}
