package dev.rookery.match;

import dev.rookery.extension.game.ConfigSchema;
import dev.rookery.game.GameInfo;
import dev.rookery.game.MatchSetup;
import dev.rookery.game.ProfileDelta;
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
    return new TurnGameEngine(new RewardGame());
  }

  @Override
  public GameInfo info() {
    return new GameInfo(
        "reward", "1.5", "1", List.of("0", "1"), 2, List.of(), ConfigSchema.NONE, PROFILE);
  }

  @Override
  public JsonObject setup(MatchSetup setup) {
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
              JsonObject.of(player, ProfileDelta.increment("coins", 1)));
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
    context.players().forEach(player -> all.put(player, ProfileDelta.increment("played", 1)));
    return all;
  }
}
