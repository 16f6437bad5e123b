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
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs one scenario on one event loop, so that it takes one core and no more, and prints what came
 * of it; on request against a bare server too, for comparison.
 */
public final class Load {
  private static final long PROGRESS_MS = 1_000;

  private final PrintStream out;

  Load(PrintStream out) {
    this.out = out;
  }

  /**
   * Exit status 0 if nothing failed and no client saw a gap or a repeat, 1 otherwise, 2 for a
   * mistake in the words.
   */
  public static void main(String... words) {
    if (List.of(words).contains("--help")) {
      System.out.print(LoadOptions.help());
      return;
    }
    LoadOptions options;
    try {
      options = LoadOptions.parse(server(), words);
    } catch (IllegalArgumentException mistake) {
      System.err.println(mistake.getMessage());
      System.err.println("scripts/load --help says what there is");
      System.exit(2);
      return;
    }
    boolean clean;
    try {
      clean = new Load(System.out).run(options);
    } catch (IOException | RuntimeException failure) {
      System.err.println("failed: " + reason(failure));
      clean = false;
    }
    System.exit(clean ? 0 : 1);
  }

  private static @Nullable String reason(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause == null || cause.getMessage() == null ? failure.toString() : cause.getMessage();
  }

  /** A server of this program is started the way this process was. */
  private static List<String> server() {
    var words = new ArrayList<String>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return words;
  }

  private boolean run(LoadOptions options) throws IOException {
    ScenarioResult outcome = play(options);
    ScenarioResult reference = null;
    if (!options.reference().isEmpty()) {
      try (var bare = BaselineProcess.start(options.reference())) {
        reference = play(options.at(bare.uri(), bare.pid()));
      }
    }
    out.print(outcome.table(reference));
    return outcome.clean() && (reference == null || reference.clean());
  }

  /** Plays it from the first sign-in to the last socket closed. */
  ScenarioResult play(LoadOptions options) {
    var vertx =
        (VertxInternal)
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    try {
      var context = vertx.createEventLoopContext();
      return Future.<ScenarioResult>future(
              played -> context.runOnContext(_ -> play(vertx, options).onComplete(played)))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private Future<ScenarioResult> play(VertxInternal vertx, LoadOptions options) {
    var stage = new ScenarioContext(vertx, options);
    Scenario scenario = options.kind().on(stage);
    long progress =
        vertx.setPeriodic(
            PROGRESS_MS,
            _ -> {
              out.print("\r" + stage.figures().progress(scenario.unit()));
              out.flush();
            });
    return scenario
        .run()
        .onComplete(
            _ -> {
              vertx.cancelTimer(progress);
              out.print("\r" + " ".repeat(120) + "\r");
            })
        .compose(_ -> stage.clear())
        .map(_ -> stage.outcome(scenario));
  }
}
