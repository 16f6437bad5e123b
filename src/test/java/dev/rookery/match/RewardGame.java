package dev.rookery.match;

import dev.rookery.extension.game.ConfigSchema;
import dev.rookery.extension.game.GameSettings;
import dev.rookery.extension.game.ProfileChanges;
import dev.rookery.extension.game.ProfileInfo;
import dev.rookery.extension.game.TurnGame;
import dev.rookery.game.TurnGameEngine;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A game of two moves, each of which earns its player a coin; the end counts as played. */
final class RewardGame implements TurnGame {
  static final ProfileInfo PROFILE = new ProfileInfo("3", "{\"coins\":0,\"played\":0}");

  private static final int MOVES = 2;

  static TurnGameEngine create() {
    return new TurnGameEngine(new RewardGame(), "1.5");
  }

  @Override
  public GameSettings settings() {
    return new GameSettings(
        "reward", "1", List.of("0", "1"), 2, List.of(), ConfigSchema.NONE, PROFILE);
  }

  @Override
  public JsonObject setup(Match match) {
    return JsonObject.of("moves", 0);
  }

  @Override
  public Map<String, Move> moves() {
    return Map.of(
        "earn",
        (context, player, _) -> {
          int moves = context.state().getInteger("moves") + 1;
          var patch = JsonObject.of("moves", moves);
          return new Result.WithProfiles(
              moves == MOVES
                  ? new Result.Finish(JsonObject.of("moves", moves), patch)
                  : new Result.EndTurn(patch),
              JsonObject.of(player, ProfileChanges.increment("coins", 1)));
        });
  }

  @Override
  public LinkedHashMap<String, Object> computed(Context context) {
    return new LinkedHashMap<>();
  }

  @Override
  public JsonObject publicView(Context context) {
    return context.state();
  }

  @Override
  public JsonObject playerView(Context context, String playerID) {
    return context.state();
  }

  @Override
  public JsonObject settlement(Context context, JsonObject result) {
    var all = new JsonObject();
    context.players().forEach(player -> all.put(player, ProfileChanges.increment("played", 1)));
    return all;
  }
}
