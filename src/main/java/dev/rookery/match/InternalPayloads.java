package dev.rookery.match;

import dev.rookery.game.GameSession.Step;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Hides what a game passes to its own events, as players are shown the steps of an action: a
 * timeout of a game that was written with the kit of the original passes its whole change of the
 * state, with what players hide from each other (openturn contract, 0.3).
 */
final class InternalPayloads {
  private static final String INTERNAL = "internal";
  private static final String PAYLOAD = "payload";
  private static final String ENQUEUED = "enqueued";

  private InternalPayloads() {}

  /** The steps with {@code null} for these payloads; those that players sent stay. */
  static List<Step> hide(List<Step> steps) {
    return steps.stream().map(InternalPayloads::hide).toList();
  }

  private static Step hide(Step step) {
    String record = step.record();
    if (step.kind().equals(INTERNAL)) {
      var hidden = new JsonObject(record);
      if (hidden.getValue(PAYLOAD) != null) {
        record = hidden.putNull(PAYLOAD).encode();
      }
    }
    var transition = new JsonObject(step.transition());
    JsonArray enqueued = transition.getJsonArray(ENQUEUED, new JsonArray());
    for (int i = 0; i < enqueued.size(); i++) {
      enqueued.getJsonObject(i).putNull(PAYLOAD);
    }
    return new Step(
        record,
        step.kind(),
        enqueued.isEmpty() ? step.transition() : transition.encode(),
        step.after());
  }
}
