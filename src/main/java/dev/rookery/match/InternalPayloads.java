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
    return step.kind().equals(INTERNAL) ? withoutPayloads(step) : withoutEnqueued(step);
  }

  /** A step with {@code null} for its payload and those of the events that it causes. */
  static Step withoutPayloads(Step step) {
    var hidden = new JsonObject(step.record());
    Step shown = withoutEnqueued(step);
    return hidden.getValue(PAYLOAD) == null
        ? shown
        : new Step(
            hidden.putNull(PAYLOAD).encode(), shown.kind(), shown.transition(), shown.after());
  }

  private static Step withoutEnqueued(Step step) {
    var transition = new JsonObject(step.transition());
    JsonArray enqueued = transition.getJsonArray(ENQUEUED, new JsonArray());
    for (int i = 0; i < enqueued.size(); i++) {
      enqueued.getJsonObject(i).putNull(PAYLOAD);
    }
    return enqueued.isEmpty()
        ? step
        : new Step(step.record(), step.kind(), transition.encode(), step.after());
  }
}
