package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Runs a request sequence on each connection repeatedly, all connections at the same time. */
final class RequestScenario implements Scenario {
  private static final long ERRORS_MAX = 1_000;

  private final ScenarioContext context;
  private final BiFunction<ApiClient, String, RequestSequence> sequences;
  private boolean stopped;

  RequestScenario(
      ScenarioContext context, BiFunction<ApiClient, String, RequestSequence> sequences) {
    this.context = context;
    this.sequences = sequences;
  }

  @Override
  public String unit() {
    return "rounds";
  }

  @Override
  public Future<Void> run() {
    var prepared = new ArrayList<Future<RequestSequence>>();
    for (int i = 0; i < context.number(LoadParameter.CONNECTIONS); i++) {
      RequestSequence sequence =
          sequences.apply(
              context.client(context.node()).recordsTime(), context.device(Integer.toString(i)));
      prepared.add(sequence.prepare().map(sequence));
    }
    return Future.all(prepared).compose(_ -> run(prepared));
  }

  private Future<Void> run(List<Future<RequestSequence>> prepared) {
    var loops = new ArrayList<Future<Void>>();
    prepared.forEach(sequence -> loops.add(loop(sequence.result())));
    return context
        .warmUp()
        .compose(_ -> context.measure())
        .compose(
            _ -> {
              stopped = true;
              return Future.all(loops).mapEmpty();
            });
  }

  private Future<Void> loop(RequestSequence sequence) {
    Promise<Void> ended = Promise.promise();
    next(sequence, ended);
    return ended.future();
  }

  private void next(RequestSequence sequence, Promise<Void> ended) {
    if (stopped || context.metrics().errors() > ERRORS_MAX) {
      ended.complete();
      return;
    }
    sequence
        .runOnce()
        .onComplete(
            done -> {
              if (done.succeeded()) {
                context.metrics().unit();
              } else {
                context.metrics().failed(done.cause());
              }
              next(sequence, ended);
            });
  }

  @Override
  public List<String> notes() {
    LoadMetrics metrics = context.metrics();
    return List.of(
        ScenarioContext.line(
            "%,.0f requests/s; times are of requests, the other figures of rounds",
            metrics.requests() / metrics.seconds()));
  }
}
