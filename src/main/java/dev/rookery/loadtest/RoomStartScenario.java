package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.List;

/**
 * Groups of players who open a room, take their seats, start the match and play the first action;
 * then the next room. The time of a unit is that from the request for the room to the first action
 * at all players.
 */
final class RoomStartScenario implements Scenario {
  /**
   * How many groups play in the warm-up. The few rooms that fewer of them open in that time would
   * leave much of the code uncompiled, and one room at a time would be measured in a cold node.
   */
  private static final int WARM_UP_GROUPS = 32;

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private int running;
  private int groups;

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
    int players = RoomGame.of(context.options().game()).players();
    groups = Math.max(measured, WARM_UP_GROUPS);
    return JavaScriptGame.deploy(context)
        .compose(_ -> BoundedConcurrency.signIn(context, "room", players * groups))
        .compose(
            users -> {
              for (int i = 0; i < groups; i++) {
                running++;
                playNext(i, users.subList(players * i, players * (i + 1)));
              }
              return context.warmUp();
            })
        .compose(
            _ -> {
              groups = measured;
              return context.drain(() -> running - measured);
            })
        .compose(_ -> context.measure())
        .compose(
            _ -> {
              groups = 0;
              return context.drain(() -> running);
            });
  }

  /** Opens rooms one after the other, as long as so many groups play. */
  private void playNext(int group, List<LoadTestUser> users) {
    if (group >= groups) {
      running--;
      return;
    }
    long start = context.now();
    var room = new MatchRoom(context, users);
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
              playNext(group, users);
            });
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,d groups, each with one room at a time", context.number(LoadParameter.GROUPS)));
  }
}
