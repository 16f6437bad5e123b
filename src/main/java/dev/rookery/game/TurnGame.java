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

  /** A move of the game. */
  @FunctionalInterface
  interface Move {
    Result play(Context context, String playerID, @Nullable Object payload);
  }

  /**
   * What a game may look at.
   *
   * @param state must not be changed
   * @param turn from 1
   * @param random what a rejected move draws is put back
   */
  record Context(JsonObject state, List<String> players, long turn, long now, GameRandom random) {
    /** The player whose turn it is. */
    public String currentPlayer() {
      return players.get((int) ((turn - 1) % players.size()));
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
     * The move is not allowed.
     *
     * @param reason a code for clients
     */
    record Invalid(String reason, JsonObject details) implements Result {}
  }
}
