package dev.rookery.script;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The scripts whose latest version this node refused, and why; also as metrics. Thread-safe. */
final class ScriptProblems {
  private final Map<String, ScriptProblem> problems = new ConcurrentHashMap<>();
  private final MultiGauge lines;

  ScriptProblems(MeterRegistry meters) {
    Gauge.builder("rookery.lua.broken", problems, Map::size)
        .description("Scripts whose latest version this node refused")
        .register(meters);
    this.lines =
        MultiGauge.builder("rookery.lua.broken.line")
            .description("Where the latest version of a script is wrong; 0 if it is not one line")
            .register(meters);
  }

  @Nullable ScriptProblem get(String script) {
    return problems.get(script);
  }

  void put(String script, ScriptProblem problem) {
    problems.put(script, problem);
    update();
  }

  void remove(String script) {
    if (problems.remove(script) != null) {
      update();
    }
  }

  void forEach(BiConsumer<String, ScriptProblem> action) {
    problems.forEach(action);
  }

  private synchronized void update() {
    lines.register(
        problems.entrySet().stream()
            .<MultiGauge.Row<?>>map(
                problem -> {
                  Integer line = problem.getValue().line();
                  return MultiGauge.Row.of(
                      Tags.of("script", problem.getKey()), line == null ? 0 : line);
                })
            .toList(),
        true);
  }
}
