package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.List;

/**
 * Pairs of players who open a room, take their seats, start the match and play the first action;
 * then the next room. The time of a unit is that from the request for the room to the first action
 * at both players.
 */
final class RoomStartScenario implements Scenario {
  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private int running;
  private boolean stopped;

  RoomStartScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
  }

  @Override
  public String unit() {
    return "rooms";
  }

  @Override
  public Future<Void> run() {
    int pairs = context.number(LoadParameter.GROUPS);
    return BoundedConcurrency.signIn(context, "room", 2 * pairs)
        .compose(
            users -> {
              for (int i = 0; i < pairs; i++) {
                running++;
                playNext(users.get(2 * i), users.get(2 * i + 1));
              }
              return context.warmUp();
            })
        .compose(_ -> context.measure())
        .compose(
            _ -> {
              stopped = true;
              return context.drain(() -> running);
            });
  }

  private void playNext(LoadTestUser host, LoadTestUser guest) {
    if (stopped) {
      running--;
      return;
    }
    long start = context.now();
    var room = new MatchRoom(context, host, guest);
    room.open()
        .compose(_ -> room.act())
        .onComplete(
            played -> {
              if (played.failed()) {
                metrics.failed(played.cause());
                running--;
                return;
              }
              metrics.unit(context.now() - start);
              room.close();
              playNext(host, guest);
            });
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,d pairs, each with one room at a time", context.number(LoadParameter.GROUPS)));
  }
}
