package dev.rookery.match;

import dev.rookery.game.GameSession.Step;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Whose payloads a player is shown (openturn contract, 0.3): the log and the steps of a match have
 * what each action was called with, such as a choice that both players make before either is
 * revealed. Once there is a result everything is shown.
 */
public enum ShownPayloads {
  /** All of them, as the original does. */
  ALL,

  /** Those of the player's own actions. */
  OWN;

  private static final String PAYLOAD = "payload";

  /** A record of the log as a player is shown it before there is a result. */
  public String record(String record, String player) {
    if (this == ALL) {
      return record;
    }
    var shown = new JsonObject(record);
    return player.equals(shown.getString("playerID")) || shown.getValue(PAYLOAD) == null
        ? record
        : shown.putNull(PAYLOAD).encode();
  }

  /** The steps of an action as a player is shown them. */
  public List<Step> steps(MatchEvent.Advanced action, String player) {
    return this == ALL || isOver(action) || action.playerID().equals(player)
        ? action.steps()
        : action.steps().stream().map(InternalPayloads::withoutPayloads).toList();
  }

  /** Whether there is a result after an action. */
  public static boolean isOver(MatchEvent.Advanced action) {
    return action.steps().getLast().after().hasResult();
  }
}
