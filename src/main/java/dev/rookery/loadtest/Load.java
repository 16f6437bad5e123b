package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs one scenario on one event loop, so that it uses one core, and prints the result; on request
 * also against the baseline server, for comparison.
 */
public final class Load {
  private static final long PROGRESS_MS = 1_000;

  private final PrintStream out;

  Load(PrintStream out) {
    this.out = out;
  }

  /**
   * Exits with status 0 if nothing failed and no client saw a gap or a repeat, 1 otherwise, 2 for
   * invalid arguments.
   */
  public static void main(String... arguments) {
    Locale.setDefault(Locale.ROOT);
    if (List.of(arguments).contains("--help")) {
      System.out.print(LoadOptions.help());
      return;
    }
    LoadOptions options;
    try {
      options = LoadOptions.parse(serverCommand(), arguments);
    } catch (IllegalArgumentException invalid) {
      System.err.println(invalid.getMessage());
      System.err.println("scripts/load --help shows the scenarios and options");
      System.exit(2);
      return;
    }
    boolean isClean;
    try {
      if (options.printsModel()) {
        System.out.print(options.run().model().table(options.mix()));
        return;
      }
      isClean = new Load(System.out).run(options);
    } catch (IOException | RuntimeException failure) {
      System.err.println("failed: " + reason(failure));
      isClean = false;
    }
    System.exit(isClean ? 0 : 1);
  }

  private static @Nullable String reason(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause == null || cause.getMessage() == null ? failure.toString() : cause.getMessage();
  }

  /** The command that starts a server the way this process was started. */
  private static List<String> serverCommand() {
    var arguments = new ArrayList<String>();
    arguments.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    arguments.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return arguments;
  }

  private boolean run(LoadOptions options) throws IOException {
    ScenarioResult result = execute(options);
    Path figures = options.run().figures();
    if (figures != null) {
      result.figures(options.description()).appendTo(figures);
    }
    ScenarioResult baseline = null;
    if (!options.baselineCommand().isEmpty()) {
      try (var server = BaselineProcess.start(options.baselineCommand())) {
        baseline = execute(options.at(server.uri(), server.pid()));
      }
    }
    if (!options.run().report()) {
      out.print(result.table(baseline));
    }
    return result.isClean() && (baseline == null || baseline.isClean());
  }

  /** Runs the scenario from the first sign-in until all sockets are closed. */
  ScenarioResult execute(LoadOptions options) {
    var vertx =
        (VertxInternal)
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    try {
      var context = vertx.createEventLoopContext();
      return Future.<ScenarioResult>future(
              completed -> context.runOnContext(_ -> execute(vertx, options).onComplete(completed)))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private Future<ScenarioResult> execute(VertxInternal vertx, LoadOptions options) {
    var context = new ScenarioContext(vertx, options);
    Scenario scenario = options.kind().create(context);
    boolean reports = options.run().report();
    var report = new RunReport(out, context);
    if (reports) {
      var loop = vertx.getContext();
      report.endWithInput(task -> loop.runOnContext(_ -> task.run()));
    }
    long progress =
        vertx.setPeriodic(
            PROGRESS_MS,
            _ -> {
              if (reports) {
                report.second();
                return;
              }
              out.print("\r" + context.metrics().progress(scenario.unit()));
              out.flush();
            });
    return scenario
        .run()
        .onComplete(
            _ -> {
              vertx.cancelTimer(progress);
              if (!reports) {
                out.print("\r" + " ".repeat(120) + "\r");
              }
            })
        .compose(_ -> context.close())
        .map(_ -> context.result(scenario))
        .onSuccess(
            result -> {
              if (reports) {
                report.result(result);
              }
            })
        .onFailure(
            _ -> {
              if (reports) {
                // Those who have signed in would be there for ever.
                report.second();
              }
            });
  }
}
