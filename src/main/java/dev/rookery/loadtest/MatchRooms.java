package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.List;

/** Opens many rooms, several for each group of players. */
final class MatchRooms {
  private static final int ROOMS_OF_GROUP = 20;

  private MatchRooms() {}

  /** Opens rooms whose matches have started. */
  static Future<List<MatchRoom>> open(ScenarioContext context, int count) {
    int players = RoomGame.of(context.options().game()).players();
    int groups = Math.ceilDiv(count, ROOMS_OF_GROUP);
    return JavaScriptGame.deploy(context)
        .compose(_ -> BoundedConcurrency.signIn(context, "match", players * groups))
        .compose(
            users ->
                BoundedConcurrency.forEach(
                    count,
                    context.number(LoadParameter.OPENING),
                    i -> {
                      int first = i % groups * players;
                      var room = new MatchRoom(context, users.subList(first, first + players));
                      return room.open().map(room);
                    }));
  }
}
