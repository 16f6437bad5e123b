package dev.rookery.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Runs one scenario on one event loop, so that it takes one core and no more: each connection does
 * its rounds one after the other, all connections at once, until the time is over.
 */
public final class Load {
  private static final long ERRORS_MAX = 1_000;

  private final LoadOptions options;
  private final PrintStream out;
  private final Figures figures = new Figures();
  private boolean over;

  private Load(LoadOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Exit status 0 if no request failed, 1 if one did, 2 for a mistake in the words. */
  public static void main(String... words) {
    LoadOptions options;
    try {
      options = LoadOptions.parse(words);
    } catch (IllegalArgumentException mistake) {
      System.err.println(mistake.getMessage());
      System.err.println(LoadOptions.USAGE);
      System.exit(2);
      return;
    }
    var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    var load = new Load(options, System.out);
    boolean clean;
    try {
      clean = load.run(vertx).toCompletionStage().toCompletableFuture().join();
    } catch (RuntimeException failure) {
      System.err.println("failed: " + failure.getMessage());
      clean = false;
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
    System.exit(clean ? 0 : 1);
  }

  private Future<Boolean> run(Vertx vertx) {
    Promise<Boolean> result = Promise.promise();
    var context = vertx.getOrCreateContext();
    context.runOnContext(_ -> start(vertx).onComplete(result));
    return result.future();
  }

  private Future<Boolean> start(Vertx vertx) {
    HttpClientAgent client =
        vertx.createHttpClient(
            new HttpClientOptions().setPipelining(false).setKeepAlive(true),
            new PoolOptions().setHttp1MaxSize(options.connections()));
    String run = Long.toHexString(System.nanoTime());
    var ready = new ArrayList<Future<Scenario>>();
    for (int i = 0; i < options.connections(); i++) {
      String name = "load-" + run + "-" + i;
      Scenario scenario = options.kind().over(new Caller(client, options.url(), figures), name);
      ready.add(scenario.prepare().map(scenario));
    }
    Promise<Boolean> done = Promise.promise();
    Future.all(ready)
        .onFailure(done::fail)
        .onSuccess(
            _ -> {
              var loops = new ArrayList<Future<Void>>();
              ready.forEach(scenario -> loops.add(loop(scenario.result())));
              long warmup = Math.max(1, TimeUnit.SECONDS.toMillis(options.warmupSeconds()));
              vertx.setTimer(warmup, _ -> measure(vertx, Future.all(loops).mapEmpty(), done));
            });
    return done.future();
  }

  private void measure(Vertx vertx, Future<Void> loops, Promise<Boolean> done) {
    figures.start();
    long progress =
        vertx.setPeriodic(
            TimeUnit.SECONDS.toMillis(1),
            _ -> {
              out.print("\r" + figures.progress() + "   ");
              out.flush();
            });
    vertx.setTimer(
        TimeUnit.SECONDS.toMillis(options.seconds()),
        _ -> {
          String table = figures.table(options.kind().name().toLowerCase(Locale.ROOT));
          over = true;
          vertx.cancelTimer(progress);
          loops.onComplete(
              _ -> {
                out.print("\r" + table);
                done.complete(figures.errors() == 0);
              });
        });
  }

  private Future<Void> loop(Scenario scenario) {
    Promise<Void> ended = Promise.promise();
    next(scenario, ended);
    return ended.future();
  }

  private void next(Scenario scenario, Promise<Void> ended) {
    if (over || figures.errors() > ERRORS_MAX) {
      ended.complete();
      return;
    }
    scenario
        .round()
        .onComplete(
            round -> {
              if (round.succeeded()) {
                figures.finishedRound();
              } else {
                figures.failed(round.cause());
              }
              next(scenario, ended);
            });
  }
}
