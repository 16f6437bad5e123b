package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Each connection does its rounds one after the other, all connections at once. */
final class RequestScenario implements Scenario {
  private static final long ERRORS_MAX = 1_000;

  private final ScenarioContext stage;
  private final BiFunction<ApiClient, String, RequestSequence> rounds;
  private boolean over;

  RequestScenario(ScenarioContext stage, BiFunction<ApiClient, String, RequestSequence> rounds) {
    this.stage = stage;
    this.rounds = rounds;
  }

  @Override
  public String unit() {
    return "rounds";
  }

  @Override
  public Future<Void> run() {
    var ready = new ArrayList<Future<RequestSequence>>();
    for (int i = 0; i < stage.number(LoadParameter.CONNECTIONS); i++) {
      RequestSequence round =
          rounds.apply(stage.caller(stage.node()).timed(), stage.device(Integer.toString(i)));
      ready.add(round.prepare().map(round));
    }
    return Future.all(ready).compose(_ -> run(ready));
  }

  private Future<Void> run(List<Future<RequestSequence>> ready) {
    var loops = new ArrayList<Future<Void>>();
    ready.forEach(round -> loops.add(loop(round.result())));
    return stage
        .warmUp()
        .compose(_ -> stage.measure())
        .compose(
            _ -> {
              over = true;
              return Future.all(loops).mapEmpty();
            });
  }

  private Future<Void> loop(RequestSequence round) {
    Promise<Void> ended = Promise.promise();
    next(round, ended);
    return ended.future();
  }

  private void next(RequestSequence round, Promise<Void> ended) {
    if (over || stage.figures().errors() > ERRORS_MAX) {
      ended.complete();
      return;
    }
    round
        .once()
        .onComplete(
            done -> {
              if (done.succeeded()) {
                stage.figures().unit();
              } else {
                stage.figures().failed(done.cause());
              }
              next(round, ended);
            });
  }

  @Override
  public List<String> notes() {
    LoadMetrics figures = stage.figures();
    return List.of(
        ScenarioContext.line(
            "%,.0f requests/s; the times are of requests, the rest is of rounds",
            figures.requests() / figures.seconds()));
  }
}
