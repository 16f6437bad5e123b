package dev.rookery.protocol.console;

import dev.rookery.console.MetricColumn.Unit;
import dev.rookery.loadrun.LoadRun;
import dev.rookery.loadrun.LoadSecond;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Charts of the seconds of a load test: what its players and its node saw, in the same axes. */
final class LoadCharts {
  private static final double MS = 1_000;

  private LoadCharts() {}

  static List<Chart> of(LoadRun run, List<LoadSecond> seconds) {
    if (seconds.isEmpty()) {
      return List.of();
    }
    return List.of(
        chart(
            run,
            "requests",
            "Requests",
            Unit.PER_SECOND,
            lines(seconds, LoadSecond::requests, "server", LoadSecond::serverRequests)),
        chart(
            run,
            "p99",
            "p99",
            Unit.SECONDS,
            lines(
                seconds,
                second -> second.p99Ms() / MS,
                "server",
                second -> second.serverP99Ms() / MS)),
        chart(run, "errors", "Errors", Unit.COUNT, line(seconds, "generator", LoadSecond::errors)),
        chart(
            run,
            "lag",
            "Event-loop lag of the server",
            Unit.SECONDS,
            line(seconds, "server", second -> second.lagMs() / MS)),
        chart(
            run, "cpu", "CPU of the server", Unit.PART, line(seconds, "server", LoadSecond::cpu)));
  }

  private static Chart chart(
      LoadRun run, String id, String title, Unit unit, Map<String, float[]> lines) {
    return Charts.draw(id, title, unit, lines, run.startedMs(), (long) MS);
  }

  private static Map<String, float[]> line(
      List<LoadSecond> seconds, String name, ToDoubleFunction<LoadSecond> value) {
    // A second that is missing, because it could not be stored, is a gap.
    var values = new float[seconds.getLast().second()];
    Arrays.fill(values, Float.NaN);
    seconds.forEach(second -> values[second.second() - 1] = (float) value.applyAsDouble(second));
    return Map.of(name, values);
  }

  private static Map<String, float[]> lines(
      List<LoadSecond> seconds,
      ToDoubleFunction<LoadSecond> generator,
      String other,
      ToDoubleFunction<LoadSecond> otherValue) {
    var lines = new LinkedHashMap<String, float[]>(line(seconds, "generator", generator));
    lines.putAll(line(seconds, other, otherValue));
    return lines;
  }
}
