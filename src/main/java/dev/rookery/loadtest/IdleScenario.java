package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * Sockets that do nothing but live: what each costs the server in memory, and in processor time for
 * each second. Some are opened and closed before, so that what a server makes once is made.
 */
final class IdleScenario implements Scenario {
  private static final int FIRST = 1_000;
  private static final int SETTLE_SECONDS = 3;

  private final ScenarioContext stage;
  private final LoadMetrics figures;
  private final List<String> notes = new ArrayList<>();
  private long before;

  IdleScenario(ScenarioContext stage) {
    this.stage = stage;
    this.figures = stage.figures();
  }

  @Override
  public String unit() {
    return "socket-s";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.signIn(stage, "player", stage.number(LoadParameter.SOCKETS))
        .compose(this::run);
  }

  private Future<Void> run(List<LoadTestUser> people) {
    return open(people.subList(0, Math.min(people.size(), FIRST)))
        .compose(_ -> stage.sockets().closeOpen())
        .compose(_ -> stage.warmUp())
        .compose(_ -> memory())
        .onSuccess(bytes -> before = bytes)
        .compose(_ -> open(people))
        .compose(_ -> stage.seconds(SETTLE_SECONDS))
        .compose(
            _ -> {
              tell("as it is", stage.server().privateBytes(), people.size());
              return memory();
            })
        .onSuccess(bytes -> tell("after a garbage collection", bytes, people.size()))
        .compose(_ -> hold(people.size()));
  }

  private Future<Void> hold(int sockets) {
    int seconds = stage.number(LoadParameter.SECONDS);
    stage.begin();
    return stage
        .seconds(seconds)
        .onSuccess(
            _ -> {
              figures.units((long) stage.sockets().count() * seconds);
              stage.end();
              if (stage.sockets().count() < sockets) {
                figures.failed((sockets - stage.sockets().count()) + " sockets were closed");
              }
            });
  }

  private Future<Void> open(List<LoadTestUser> people) {
    return BoundedConcurrency.join(
            stage,
            people,
            stage.number(LoadParameter.OPENING),
            LoadTestUser::userTopic,
            _ -> _ -> {})
        .mapEmpty();
  }

  /** When garbage is collected, which a worker waits for. */
  private Future<Long> memory() {
    return stage
        .vertx()
        .executeBlocking(
            () -> {
              stage.server().collectGarbage();
              return stage.server().privateBytes();
            });
  }

  private void tell(String when, long bytes, int sockets) {
    if (stage.server().isKnown()) {
      notes.add(
          ScenarioContext.line(
              "%,.0f bytes of private memory for each socket, %s (%,d MiB before, %,d MiB with"
                  + " all)",
              (double) (bytes - before) / sockets, when, before >> 20, bytes >> 20));
    }
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }
}
