package dev.rookery.game;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of one match. Not thread-safe, and its calls do not block. */
public interface GameSession {
  /**
   * Carries out an action. A rejected action changes nothing.
   *
   * @throws RuntimeException if the code of the game fails; nothing has changed then
   */
  Outcome apply(GameAction action);

  /** What players see now. */
  Snapshot current();

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
     */
    record Accepted(List<Step> steps) implements Outcome {
      public Accepted {
        steps = List.copyOf(steps);
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
