package dev.rookery.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run of {@code scripts/bench} measured: the comparison with an older jar, if there is one,
 * and the scenarios that have become slower than in the best run of the history, to which the run
 * is added.
 */
public final class BenchReport {
  private BenchReport() {}

  /**
   * Adds the run to the history, and returns the report.
   *
   * @param arguments {@code --figures=FILE}, and optionally {@code --old=FILE} with those of the
   *     older jar, and {@code --history=FILE --reference=FILE --date= --commit= --database=
   *     --nodes=}
   * @throws IllegalArgumentException if one is missing
   */
  public static String of(String... arguments) throws IOException {
    return report(parse(arguments));
  }

  private static Map<String, String> parse(String... arguments) {
    var options = new HashMap<String, String>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || equals < 0) {
        throw new IllegalArgumentException("not an option: " + argument);
      }
      options.put(argument.substring(2, equals), argument.substring(equals + 1));
    }
    return options;
  }

  static String report(Map<String, String> options) throws IOException {
    List<Figures> measured = Figures.read(Path.of(required(options, "figures")));
    var text = new StringBuilder();
    if (options.containsKey("old")) {
      List<Figures> old = Figures.read(Path.of(required(options, "old")));
      text.append('\n').append(new Comparison(old, measured).table());
    }
    if (options.containsKey("history")) {
      text.append(addToHistory(options, measured));
    }
    return text.toString();
  }

  private static String addToHistory(Map<String, String> options, List<Figures> measured)
      throws IOException {
    Path file = Path.of(required(options, "history"));
    List<Figures> reference = Figures.read(Path.of(required(options, "reference")));
    if (reference.isEmpty() || !(reference.getLast().totalMicros() > 0)) {
      return "the bare server was not measured; nothing is added to " + file + "\n";
    }
    var run =
        new BenchHistory.Run(
            required(options, "date"),
            required(options, "commit"),
            required(options, "database"),
            Integer.parseInt(required(options, "nodes")),
            reference.getLast());
    boolean first = !Files.exists(file);
    List<String> regressions = BenchHistory.open(file).add(run, medians(measured));
    var text = new StringBuilder("\n");
    text.append(
        String.format(
            Locale.ROOT,
            "%,d scenarios added to %s; the bare server answered %,.0f requests/s%n",
            medians(measured).size(),
            file,
            run.reference().perSecond()));
    if (regressions.isEmpty() && !first) {
      text.append("no scenario is more than 10 % slower than in its best run\n");
    }
    regressions.forEach(line -> text.append("slower: ").append(line).append('\n'));
    return text.toString();
  }

  /** Of each scenario the round in the middle, by processor time. */
  private static List<Figures> medians(List<Figures> measured) {
    return measured.stream()
        .collect(Collectors.groupingBy(Figures::scenario, LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(BenchReport::median)
        .toList();
  }

  private static Figures median(List<Figures> rounds) {
    List<Figures> sorted =
        rounds.stream().sorted(Comparator.comparingDouble(Figures::totalMicros)).toList();
    return sorted.get((sorted.size() - 1) / 2);
  }

  private static String required(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("--" + name + " is required");
    }
    return value;
  }
}
