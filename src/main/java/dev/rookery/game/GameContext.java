package dev.rookery.game;

import dev.rookery.extension.game.GameRandom;
import dev.rookery.extension.game.TurnGame;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a game in Java looks at.
 *
 * @param setup of the match, with the profiles as they are now
 * @param options those of the setup; shared, so the game gets a copy
 */
record GameContext(
    JsonObject state, MatchSetup setup, JsonObject options, long turn, long now, GameRandom random)
    implements TurnGame.Context {
  /** The match before its game has given it a state. */
  static TurnGame.Match beforeStart(MatchSetup setup) {
    return new GameContext(
        new JsonObject(),
        setup,
        config(setup),
        1,
        setup.initialNow(),
        SeededRandom.seeded(setup.seed()));
  }

  /** The options of a match. */
  static JsonObject config(MatchSetup setup) {
    String config = setup.config();
    return config == null ? new JsonObject() : new JsonObject(config);
  }

  @Override
  public List<String> players() {
    return setup.players();
  }

  @Override
  public @Nullable String hostPlayerID() {
    return setup.hostPlayerID();
  }

  @Override
  public JsonObject config() {
    return options.copy();
  }

  @Override
  public @Nullable Object profile(String playerID) {
    String profile = setup.profiles().get(playerID);
    return profile == null ? null : Json.decodeValue(profile);
  }

  /** Clients never learn the seed of the match. */
  @Override
  public GameRandom hiddenRandom(String purpose) {
    return SeededRandom.seeded(setup.seed() + ":" + purpose);
  }
}
