package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.List;

/** Opens many rooms, several for each pair of players. */
final class MatchRooms {
  private static final int ROOMS_OF_PAIR = 20;

  private MatchRooms() {}

  /** Opens rooms whose matches have started. */
  static Future<List<MatchRoom>> open(ScenarioContext context, int count) {
    int pairs = Math.ceilDiv(count, ROOMS_OF_PAIR);
    return BoundedConcurrency.signIn(context, "match", 2 * pairs)
        .compose(
            users ->
                BoundedConcurrency.forEach(
                    count,
                    context.number(LoadParameter.OPENING),
                    i -> {
                      int pair = i % pairs;
                      var room =
                          new MatchRoom(context, users.get(2 * pair), users.get(2 * pair + 1));
                      return room.open().map(room);
                    }));
  }
}
