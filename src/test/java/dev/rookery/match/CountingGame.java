package dev.rookery.match;

import dev.rookery.extension.game.GameSettings;
import dev.rookery.extension.game.TurnGame;
import dev.rookery.game.TurnGameEngine;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A game without an end: each move adds a die to a sum, which only the player who rolled sees. */
final class CountingGame implements TurnGame {
  static TurnGameEngine create() {
    return new TurnGameEngine(new CountingGame(), "1");
  }

  @Override
  public GameSettings settings() {
    return new GameSettings("counting", "1", List.of("0", "1"), 2);
  }

  @Override
  public JsonObject setup(Match match) {
    return JsonObject.of("0", 0, "1", 0);
  }

  @Override
  public Map<String, Move> moves() {
    return Map.of(
        "roll",
        (context, player, _) ->
            new Result.EndTurn(
                JsonObject.of(
                    player, context.state().getInteger(player) + context.random().nextInt(6))));
  }

  @Override
  public LinkedHashMap<String, Object> computed(Context context) {
    return new LinkedHashMap<>();
  }

  @Override
  public JsonObject publicView(Context context) {
    return JsonObject.of("turn", context.turn());
  }

  @Override
  public JsonObject playerView(Context context, String playerID) {
    return JsonObject.of("sum", context.state().getInteger(playerID));
  }
}
