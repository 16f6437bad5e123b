package dev.rookery.game;

import dev.rookery.extension.game.BotDecision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of one match. Not thread-safe; calls of a game in JavaScript block the thread. */
public interface GameSession {
  /**
   * Carries out an action. A rejected action changes nothing.
   *
   * @throws RuntimeException if the code of the game fails; nothing has changed then
   */
  Outcome apply(GameAction action);

  /**
   * Carries out the timeout that is due (openturn contract, 1.6), if there is one. It is recorded
   * like an action, with the same number.
   *
   * @param number its place in the log, from 1
   * @param now milliseconds since the Unix epoch
   * @return null if no timeout is due, or the game does nothing at it; nothing has changed then
   */
  default Outcome.@Nullable Accepted fireTimeout(long number, long now) {
    return null;
  }

  /**
   * What a bot does for a player who may act. The same state gives the same answer, so that after a
   * takeover the bot decides again as it did before. Changes nothing.
   *
   * @return null if the bot has no action
   * @throws RuntimeException if the code of the bot fails, or takes too long
   */
  default @Nullable BotDecision decide(String playerID, String botID) {
    return null;
  }

  /**
   * What the end of the match changes in the profiles: JSON text of an object with a list of
   * operations ({@link ProfileDelta}) by player. Called when there is a result.
   */
  default String settlement() {
    return "{}";
  }

  /** What players see now. */
  Snapshot current();

  /**
   * When {@link #fireTimeout} is due, in milliseconds since the epoch; null if never. What {@link
   * #current} says, for a session that knows it without reading that again.
   */
  default @Nullable Long deadline() {
    return current().deadline();
  }

  /**
   * The whole state as JSON text, without the log of the match. Equal states give equal texts, so
   * its digest tells whether a replay is right.
   */
  String state();

  /** What became of an action. */
  sealed interface Outcome {
    /**
     * It was carried out.
     *
     * @param steps at least one
     * @param profileDelta what it changes in the profiles, in the form of {@link #settlement}; null
     *     for nothing
     */
    record Accepted(List<Step> steps, @Nullable String profileDelta) implements Outcome {
      public Accepted {
        steps = List.copyOf(steps);
      }

      public Accepted(List<Step> steps) {
        this(steps, null);
      }
    }

    /**
     * It was rejected.
     *
     * @param error a code of the protocol, such as {@code inactive_player}
     * @param reason the game's own code
     * @param details JSON text of the game
     */
    record Rejected(String error, @Nullable String reason, @Nullable String details)
        implements Outcome {}
  }

  /**
   * One change of the state. An action may cause several.
   *
   * @param record the record of the event, as JSON text
   * @param kind {@code action} or {@code internal}
   * @param transition how the event was resolved, as JSON text
   * @param after what players see after it
   */
  record Step(String record, String kind, String transition, Snapshot after) {}
}
