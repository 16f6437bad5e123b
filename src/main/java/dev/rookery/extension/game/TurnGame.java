package dev.rookery.extension.game;

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
 * no clock and no randomness but those of {@link Context}. They neither wait nor compute for long.
 * A move may be run more than once for an action, and by several threads at the same time.
 */
public interface TurnGame {
  GameSettings settings();

  /** The state with which a match begins. */
  JsonObject setup(Match match);

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
   * @param botID one of those that {@link #settings} names
   * @param context its random numbers are the bot's own, and the same after a takeover
   */
  default @Nullable BotDecision decide(Context context, String playerID, String botID) {
    return null;
  }

  /**
   * What the end of a match changes in profiles: {@link ProfileChanges} by player, of those who
   * have any.
   */
  default JsonObject settlement(Context context, JsonObject result) {
    return new JsonObject();
  }

  /** A move of the game. */
  @FunctionalInterface
  interface Move {
    /**
     * @param payload a JSON value of the client: anything
     */
    Result play(Context context, String playerID, @Nullable Object payload);
  }

  /** A match, as far as it is the same from its start to its end. */
  interface Match {
    /** The players that take part, in the order of their turns. */
    List<String> players();

    /** The player who hosts the room; null if they do not play, or play alone. */
    @Nullable String hostPlayerID();

    /** The options of the match; empty if the game has none. */
    JsonObject config();

    /** The profile of a player as it is now, a JSON value; null if the game has no profiles. */
    @Nullable Object profile(String playerID);

    /**
     * Random numbers that clients cannot foresee; those of {@link Context#random} they can.
     *
     * @param purpose the same gives the same numbers again, throughout the match
     */
    GameRandom hiddenRandom(String purpose);
  }

  /** What a game may look at. */
  interface Context extends Match {
    /** Must not be changed. */
    JsonObject state();

    /** The number of the turn, from 1. */
    long turn();

    /** Milliseconds since the epoch. */
    long now();

    /** What a rejected move draws is put back. */
    GameRandom random();

    /** The player whose turn it is. */
    default String currentPlayer() {
      return players().get((int) ((turn() - 1) % players().size()));
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
     * @param delta {@link ProfileChanges} by player
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
