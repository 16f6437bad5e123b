package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.List;

/**
 * Sockets that are opened one after the other, a bounded number at a time: handshake, token, user
 * channel joined. They stay open until the last one is.
 */
final class ConnectScenario implements Scenario {
  private static final int PLAYERS_AT_ONCE = 1_000;

  private final ScenarioContext stage;
  private final LoadMetrics figures;

  ConnectScenario(ScenarioContext stage) {
    this.stage = stage;
    this.figures = stage.figures();
  }

  @Override
  public String unit() {
    return "connects";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.signIn(stage, "player", stage.number(LoadParameter.SOCKETS))
        .compose(
            people ->
                warmUp(people, stage.now() + stage.number(LoadParameter.WARMUP) * 1_000_000_000L)
                    .compose(
                        _ -> {
                          stage.begin();
                          return open(people);
                        }))
        .onSuccess(_ -> stage.end());
  }

  /** Opens and closes some of them, until the time is over. */
  private Future<Void> warmUp(List<LoadTestUser> people, long until) {
    if (stage.now() >= until) {
      return Future.succeededFuture();
    }
    return open(people.subList(0, Math.min(people.size(), PLAYERS_AT_ONCE)))
        .compose(_ -> stage.sockets().closeOpen())
        .compose(_ -> warmUp(people, until));
  }

  private Future<Void> open(List<LoadTestUser> people) {
    return BoundedConcurrency.each(
            people.size(),
            stage.number(LoadParameter.OPENING),
            i -> {
              long start = stage.now();
              LoadTestUser person = people.get(i);
              return TopicJoin.open(stage, person, person.userTopic(), _ -> {})
                  .onSuccess(_ -> figures.unit(stage.now() - start));
            })
        .mapEmpty();
  }
}
