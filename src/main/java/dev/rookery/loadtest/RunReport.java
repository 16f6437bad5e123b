package dev.rookery.loadtest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.util.function.Consumer;

/**
 * Prints the progress of a run for the node that started it: a JSON object a line, one a second and
 * one for the result, or for what there was when it failed.
 */
final class RunReport {
  private final PrintStream out;
  private final ScenarioContext context;
  private long unitsBefore;
  private long answeredBefore;

  RunReport(PrintStream out, ScenarioContext context) {
    this.out = out;
    this.context = context;
  }

  /** Prints what happened since the last call. */
  void second() {
    LoadMetrics metrics = context.metrics();
    long units = metrics.units();
    long answered = metrics.answered();
    out.println(
        counters()
            .put("measuring", metrics.isMeasuring())
            .put("units_per_second", Math.max(0, units - unitsBefore))
            .put("requests_per_second", answered - answeredBefore)
            .put("p99_ms", metrics.takeIntervalMillis(99))
            .put("players", players())
            .encode());
    out.flush();
    unitsBefore = units;
    answeredBefore = answered;
  }

  private JsonObject counters() {
    LoadMetrics metrics = context.metrics();
    return new JsonObject()
        .put("answered", metrics.answered())
        .put("errors", metrics.errors() + metrics.gaps() + metrics.repeats())
        .put("first_error", metrics.firstError());
  }

  private JsonArray players() {
    return new JsonArray(context.signIns().take());
  }

  void result(ScenarioResult result) {
    out.println(
        counters()
            .put("players", players())
            .put(
                "result",
                new JsonObject()
                    .put("unit", result.unit())
                    .put("per_second", result.perSecond())
                    .put("p50_ms", result.p50())
                    .put("p99_ms", result.p99()))
            .encode());
    out.flush();
  }

  /**
   * Ends this process when its standard input ends, because the run is cancelled or the node that
   * started it is gone. Who has signed in is printed before.
   *
   * @param loop runs what it is given on the event loop
   */
  void endWithInput(Consumer<Runnable> loop) {
    Thread.ofPlatform()
        .name("standard input")
        .daemon()
        .start(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Nothing is expected but its end.
                }
              } catch (IOException _) {
                // As its end.
              }
              loop.accept(
                  () -> {
                    second();
                    Runtime.getRuntime().halt(1);
                  });
            });
  }
}
