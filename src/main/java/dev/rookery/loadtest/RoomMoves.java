package dev.rookery.loadtest;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What the players of one room do in their match. Confined to the event loop. */
interface RoomMoves {
  /**
   * An action of a player.
   *
   * @param frame as it is written to the player's socket
   */
  record Move(int seat, byte[] frame) {}

  /** Options that the host sets before the match. */
  default Map<String, Object> options() {
    return Map.of();
  }

  /** Shows a player a snapshot, or a batch that has one. The bytes are good until it returns. */
  void show(int seat, byte[] bytes, int from, int to);

  boolean isFinished();

  /** The next action. All players have been shown what was before it. */
  Move next();

  /**
   * The frame of an action.
   *
   * @param number makes its id unique in the match
   * @param payload JSON text
   */
  static byte[] frame(String event, String payload, int number) {
    String head =
        JsonObject.of("type", "action", "matchID", "m", "playerID", "p", "event", event).encode();
    return ClientFrames.text(
        head.substring(0, head.length() - 1)
            + ",\"payload\":"
            + payload
            + ",\"clientActionID\":\"client_"
            + number
            + "\"}");
  }
}
