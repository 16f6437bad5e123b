package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.List;

/**
 * Pairs of players who open a room, take their seats, start the match and play the first action;
 * then the next room. The time of a unit is that from the request for the room to the first action
 * at both players.
 */
final class RoomStartScenario implements Scenario {
  /**
   * How many pairs play in the warm-up. The few rooms that fewer of them open in that time would
   * leave much of the code uncompiled, and one room at a time would be measured in a cold node.
   */
  private static final int WARM_UP_PAIRS = 32;

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private int running;
  private int pairs;

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
    int measured = context.number(LoadParameter.GROUPS);
    pairs = Math.max(measured, WARM_UP_PAIRS);
    return BoundedConcurrency.signIn(context, "room", 2 * pairs)
        .compose(
            users -> {
              for (int i = 0; i < pairs; i++) {
                running++;
                playNext(i, users.get(2 * i), users.get(2 * i + 1));
              }
              return context.warmUp();
            })
        .compose(
            _ -> {
              pairs = measured;
              return context.drain(() -> running - measured);
            })
        .compose(_ -> context.measure())
        .compose(
            _ -> {
              pairs = 0;
              return context.drain(() -> running);
            });
  }

  /** Opens rooms one after the other, as long as so many pairs play. */
  private void playNext(int pair, LoadTestUser host, LoadTestUser guest) {
    if (pair >= pairs) {
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
              playNext(pair, host, guest);
            });
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,d pairs, each with one room at a time", context.number(LoadParameter.GROUPS)));
  }
}
