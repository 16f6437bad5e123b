package dev.rookery.benchmark;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The figures of all runs on a machine, a line for each scenario and run.
 *
 * <p>Machines differ, and one machine differs from hour to hour. So each run measures a bare server
 * first, and what is compared is the processor time of a unit as a multiple of what that server
 * needs for a request. Only entries of the same scenario, database and number of nodes are
 * compared.
 */
final class BenchHistory {
  /** How much more processor time than in the best entry is reported. */
  static final double REGRESSION_MIN = 1.1;

  private final Path file;
  private final List<Entry> entries = new ArrayList<>();

  /** How and when a run was measured. */
  record Run(String date, String commit, String database, int nodes, Figures reference) {}

  /**
   * One scenario of a run.
   *
   * @param cost processor time of a unit as a multiple of that of a request to the bare server
   */
  record Entry(
      String date, String commit, String database, int nodes, String scenario, double cost) {
    private boolean isComparable(Entry other) {
      return scenario.equals(other.scenario)
          && database.equals(other.database)
          && nodes == other.nodes;
    }
  }

  private BenchHistory(Path file) {
    this.file = file;
  }

  static BenchHistory open(Path file) throws IOException {
    var history = new BenchHistory(file);
    if (Files.exists(file)) {
      for (JsonObject line : Figures.readLines(file)) {
        history.entries.add(entry(line));
      }
    }
    return history;
  }

  private static Entry entry(JsonObject line) {
    return new Entry(
        line.getString("date"),
        line.getString("commit"),
        line.getString("database"),
        line.getInteger("nodes"),
        line.getString("scenario"),
        Figures.number(line, "cost"));
  }

  /** Appends a run; returns a sentence for each scenario that has become slower. */
  List<String> add(Run run, List<Figures> measured) throws IOException {
    var regressions = new ArrayList<String>();
    var added = new ArrayList<Entry>();
    var lines = new StringBuilder();
    for (Figures figures : measured) {
      JsonObject line = line(run, figures);
      Entry entry = entry(line);
      best(entry)
          .filter(best -> entry.cost > best.cost * REGRESSION_MIN)
          .ifPresent(best -> regressions.add(describe(entry, best)));
      added.add(entry);
      lines.append(line.encode()).append('\n');
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, lines.toString(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    entries.addAll(added);
    return regressions;
  }

  private static JsonObject line(Run run, Figures figures) {
    double cost = figures.totalMicros() / run.reference.totalMicros();
    return new JsonObject()
        .put("date", run.date)
        .put("commit", run.commit)
        .put("database", run.database)
        .put("nodes", run.nodes)
        .put("reference_per_second", Figures.rounded(run.reference.perSecond()))
        .put("reference_cpu_us", Figures.rounded(run.reference.totalMicros()))
        .mergeIn(figures.toJson())
        .put("ratio", Figures.rounded(figures.perSecond() / run.reference.perSecond()))
        .put("cost", figures.clean() ? Figures.rounded(cost) : null);
  }

  /** The entry with the lowest cost that can be compared with another one. */
  private Optional<Entry> best(Entry other) {
    return entries.stream()
        .filter(entry -> entry.isComparable(other) && Double.isFinite(entry.cost))
        .min(Comparator.comparingDouble(Entry::cost));
  }

  private static String describe(Entry entry, Entry best) {
    return String.format(
        Locale.ROOT,
        "%s: %.2f times the processor time of %s (%s): %.2f requests of the bare server, then %.2f",
        entry.scenario,
        entry.cost / best.cost,
        best.commit,
        best.date,
        entry.cost,
        best.cost);
  }
}
