package dicegame;

import dev.rookery.extension.game.BotDecision;
import dev.rookery.extension.game.BotInfo;
import dev.rookery.extension.game.ConfigField;
import dev.rookery.extension.game.ConfigSchema;
import dev.rookery.extension.game.GameSettings;
import dev.rookery.extension.game.TurnGame;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pig for two to four players. In their turn players roll a die as often as they like, and what
 * they roll is added up; with a one they lose it, and the turn ends. {@code hold} adds it to their
 * score instead. Who has the points that the host has set wins.
 */
final class DiceGame implements TurnGame {
  private static final String POINTS = "points";
  private static final String SCORES = "scores";
  private static final String ROLLED = "rolled";
  private static final String PENDING = "pending";
  private static final int SIDES = 6;
  private static final int BOT_HOLDS_AT = 20;

  private static final GameSettings SETTINGS =
      new GameSettings("dice", "1", List.of("0", "1", "2", "3"), 2)
          .withBots(List.of(new BotInfo("careful", "Careful", "Holds at 20.", "easy")))
          .withConfig(
              new ConfigSchema(
                  List.of(
                      new ConfigField.NumberField(
                          POINTS, "Points to win", null, 50, 10, 200, 10, null))));

  @Override
  public GameSettings settings() {
    return SETTINGS;
  }

  @Override
  public JsonObject setup(Match match) {
    JsonObject scores = new JsonObject();
    match.players().forEach(player -> scores.put(player, 0));
    return JsonObject.of(SCORES, scores, PENDING, 0, ROLLED, null);
  }

  @Override
  public Map<String, Move> moves() {
    return Map.of(
        "roll", (context, player, payload) -> roll(context),
        "hold", (context, player, payload) -> hold(context, player));
  }

  private static Result roll(Context context) {
    int rolled = 1 + context.random().nextInt(SIDES);
    return rolled == 1
        ? new Result.EndTurn(JsonObject.of(PENDING, 0, ROLLED, rolled))
        : new Result.KeepTurn(JsonObject.of(PENDING, pending(context) + rolled, ROLLED, rolled));
  }

  private static Result hold(Context context, String player) {
    if (pending(context) == 0) {
      return new Result.Invalid("roll_first", new JsonObject());
    }
    int score = context.state().getJsonObject(SCORES).getInteger(player) + pending(context);
    JsonObject patch =
        JsonObject.of(
            SCORES, context.state().getJsonObject(SCORES).copy().put(player, score), PENDING, 0);
    return score >= context.config().getInteger(POINTS)
        ? new Result.Finish(JsonObject.of("winner", player), patch)
        : new Result.EndTurn(patch);
  }

  private static int pending(Context context) {
    return context.state().getInteger(PENDING);
  }

  @Override
  public LinkedHashMap<String, Object> computed(Context context) {
    LinkedHashMap<String, Object> values = new LinkedHashMap<>();
    values.put(POINTS, context.config().getInteger(POINTS));
    return values;
  }

  /** Nothing is hidden. */
  @Override
  public JsonObject publicView(Context context) {
    return context.state();
  }

  @Override
  public JsonObject playerView(Context context, String playerID) {
    return context.state();
  }

  @Override
  public BotDecision decide(Context context, String playerID, String botID) {
    return new BotDecision(pending(context) >= BOT_HOLDS_AT ? "hold" : "roll", "null", 0);
  }
}
