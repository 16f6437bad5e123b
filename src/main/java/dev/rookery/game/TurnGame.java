package dev.rookery.game;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model of turn-based games in Java (openturn contract, 1.9), with one phase, {@code play}:
 * players take turns in the order of their seats, and each of the game's moves leaves the turn with
 * its player, ends it, or finishes the match.
 *
 * <p>Implementations are pure: they change nothing, not even the state that they are given, and use
 * no clock and no randomness but those of {@link Context}. A move is run more than once per action.
 */
public interface TurnGame {
  GameInfo info();

  /** The state with which a match begins. */
  JsonObject setup(MatchSetup setup);

  /** The moves by name, in an order that is part of the game's version. */
  Map<String, Move> moves();

  /** Values that clients are shown beside the state, in order. */
  LinkedHashMap<String, @Nullable Object> computed(Context context);

  /** What spectators see. */
  JsonObject publicView(Context context);

  /** What a player sees. */
  JsonObject playerView(Context context, String playerID);

  /**
   * When {@link #onTimeout} is due, in milliseconds since the epoch; null for never. {@link
   * Context#now} is the time of the last action, or of the start of the match.
   */
  default @Nullable Long deadline(Context context) {
    return null;
  }

  /** What happens at the {@link #deadline}; null for nothing. */
  default @Nullable Result onTimeout(Context context) {
    return null;
  }

  /**
   * What a bot does for a player whose turn it is; null for nothing.
   *
   * @param botID one of those that {@link #info} names
   * @param context its random numbers are the bot's own, and the same after a takeover
   */
  default @Nullable BotDecision decide(Context context, String playerID, String botID) {
    return null;
  }

  /** What the end of a match changes in profiles: lists of operations by player. */
  default JsonObject settlement(Context context, JsonObject result) {
    return new JsonObject();
  }

  /** A move of the game. */
  @FunctionalInterface
  interface Move {
    Result play(Context context, String playerID, @Nullable Object payload);
  }

  /**
   * What a game may look at.
   *
   * @param state must not be changed
   * @param setup of the match, with the profiles as they are now
   * @param turn from 1
   * @param random what a rejected move draws is put back
   */
  record Context(JsonObject state, MatchSetup setup, long turn, long now, GameRandom random) {
    public List<String> players() {
      return setup.players();
    }

    /** The options of the match; empty if the game has none. */
    public JsonObject config() {
      String config = setup.config();
      return config == null ? new JsonObject() : new JsonObject(config);
    }

    /** The player whose turn it is. */
    public String currentPlayer() {
      return players().get((int) ((turn - 1) % players().size()));
    }
  }

  /** What a move does. A patch replaces fields of the state. */
  sealed interface Result {
    /** The same player moves again. */
    record KeepTurn(JsonObject patch) implements Result {}

    record EndTurn(JsonObject patch) implements Result {}

    /**
     * @param result shown to the players
     */
    record Finish(JsonObject result, JsonObject patch) implements Result {}

    /**
     * Changes profiles together with the match.
     *
     * @param then what the move does, not another one of these
     * @param delta lists of operations by player
     */
    record WithProfiles(Result then, JsonObject delta) implements Result {}

    /**
     * The move is not allowed.
     *
     * @param reason a code for clients
     */
    record Invalid(String reason, JsonObject details) implements Result {}
  }
}
