package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.List;

/**
 * Sockets that are opened one after the other, a bounded number at a time: handshake, token, user
 * channel joined. They stay open until the last one is.
 */
final class Connect implements Scenario {
  private static final int PLAYERS_AT_ONCE = 1_000;

  private final Stage stage;
  private final Figures figures;

  Connect(Stage stage) {
    this.stage = stage;
    this.figures = stage.figures();
  }

  @Override
  public String unit() {
    return "connects";
  }

  @Override
  public Future<Void> run() {
    return Crowd.signIn(stage, "player", stage.number(Flag.SOCKETS))
        .compose(
            people ->
                warmUp(people, stage.now() + stage.number(Flag.WARMUP) * 1_000_000_000L)
                    .compose(
                        _ -> {
                          stage.begin();
                          return open(people);
                        }))
        .onSuccess(_ -> stage.end());
  }

  /** Opens and closes some of them, until the time is over. */
  private Future<Void> warmUp(List<Person> people, long until) {
    if (stage.now() >= until) {
      return Future.succeededFuture();
    }
    return open(people.subList(0, Math.min(people.size(), PLAYERS_AT_ONCE)))
        .compose(_ -> stage.sockets().closeOpen())
        .compose(_ -> warmUp(people, until));
  }

  private Future<Void> open(List<Person> people) {
    return Crowd.each(
            people.size(),
            stage.number(Flag.OPENING),
            i -> {
              long start = stage.now();
              Person person = people.get(i);
              return Join.open(stage, person, person.userTopic(), _ -> {})
                  .onSuccess(_ -> figures.unit(stage.now() - start));
            })
        .mapEmpty();
  }
}
