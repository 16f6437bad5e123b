package dev.rookery.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Two jars that were measured in turn, round by round. The ratio is taken within each round,
 * because a machine is not equally fast all the time; the median of the rounds is shown with their
 * range.
 */
final class Comparison {
  private static final String HEADER =
      String.format(
          Locale.ROOT,
          "%-28s %12s %12s  %-23s %9s %9s  %-23s%n",
          "new against old",
          "old /s",
          "new /s",
          "rate, new / old",
          "old µs",
          "new µs",
          "cpu, new / old");

  private final Map<String, List<Figures>> before;
  private final Map<String, List<Figures>> after;

  /**
   * @param before what was measured with the old jar, one for each scenario and round
   * @param after the same with the new jar
   */
  Comparison(List<Figures> before, List<Figures> after) {
    this.before = byScenario(before);
    this.after = byScenario(after);
  }

  private static Map<String, List<Figures>> byScenario(List<Figures> all) {
    return all.stream()
        .collect(Collectors.groupingBy(Figures::scenario, LinkedHashMap::new, Collectors.toList()));
  }

  /** The rate with the new jar as a share of the one with the old jar. */
  Spread rate(String scenario) {
    return ratio(scenario, Figures::perSecond);
  }

  /** The processor time of nodes and database for a unit, new to old. */
  Spread processorTime(String scenario) {
    return ratio(scenario, Figures::totalMicros);
  }

  private Spread ratio(String scenario, ToDoubleFunction<Figures> value) {
    List<Figures> old = before.getOrDefault(scenario, List.of());
    List<Figures> now = after.getOrDefault(scenario, List.of());
    var ratios = new ArrayList<Double>();
    for (int round = 0; round < Math.min(old.size(), now.size()); round++) {
      ratios.add(value.applyAsDouble(now.get(round)) / value.applyAsDouble(old.get(round)));
    }
    return Spread.of(ratios);
  }

  private static double median(List<Figures> rounds, ToDoubleFunction<Figures> value) {
    return Spread.of(rounds.stream().map(value::applyAsDouble).toList()).median();
  }

  String table() {
    var text = new StringBuilder(HEADER);
    after.forEach(
        (scenario, now) -> {
          List<Figures> old = before.getOrDefault(scenario, List.of());
          text.append(
              String.format(
                  Locale.ROOT,
                  "%-28s %,12.0f %,12.0f  %-23s %,9.1f %,9.1f  %-23s%n",
                  scenario,
                  median(old, Figures::perSecond),
                  median(now, Figures::perSecond),
                  rate(scenario),
                  median(old, Figures::totalMicros),
                  median(now, Figures::totalMicros),
                  processorTime(scenario)));
        });
    return text.toString();
  }
}
