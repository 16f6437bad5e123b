package dev.rookery.protocol.gamend;

import dev.rookery.game.GameSession.Step;
import dev.rookery.game.Snapshot;
import dev.rookery.match.MatchEvent;
import dev.rookery.match.ShownPayloads;
import io.vertx.core.json.Json;
import java.util.ArrayList;

/** The JSON texts of a match on Phoenix channels. */
final class MatchJson {
  private MatchJson() {}

  /** Makes the fields that tell of the match after a step. */
  @FunctionalInterface
  interface StepFields {
    String of(long revision, Snapshot after);
  }

  /** The view of a player. */
  static String view(Snapshot snapshot, String player) {
    return snapshot.views().getOrDefault(player, snapshot.publicView());
  }

  /** What a client with this view sees of the match, as fields of an object. */
  static String seen(long revision, Snapshot snapshot, String view) {
    return "\"revision\":"
        + revision
        + ",\"position\":"
        + snapshot.position()
        + ",\"derived\":"
        + snapshot.derived()
        + ",\"result\":"
        + snapshot.result()
        + ",\"view\":"
        + view;
  }

  /** An action that was carried out, as the player is shown it. */
  static String advanced(
      MatchEvent.Advanced event, String player, ShownPayloads payloads, StepFields fields) {
    var steps = new ArrayList<String>(event.steps().size());
    long revision = event.revision() - event.steps().size();
    for (Step step : payloads.steps(event, player)) {
      revision++;
      steps.add(
          "{\"kind\":\""
              + step.kind()
              + "\",\"event\":"
              + step.record()
              + ","
              + fields.of(revision, step.after())
              + "}");
    }
    boolean own = player.equals(event.playerID()) && event.clientActionID() != null;
    return "{\"action_id\":"
        + Json.encode(event.actionID())
        + ",\"player_id\":"
        + Json.encode(event.playerID())
        + ","
        + (own ? "\"client_action_id\":" + Json.encode(event.clientActionID()) + "," : "")
        + "\"revision\":"
        + event.revision()
        + ",\"steps\":["
        + String.join(",", steps)
        + "]}";
  }
}
