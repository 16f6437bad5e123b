package dev.rookery.game;

import dev.rookery.game.TurnGameEngine.Candidate;
import dev.rookery.game.TurnGameSession.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The records and transitions of a {@link TurnGame} as clients see them (openturn contract, 1.6).
 *
 * <p>The outcome of a timeout goes without its payload, because that may hold the hidden state of
 * the game.
 */
final class TransitionJson {
  private TransitionJson() {}

  /**
   * @param payload of the action, decoded
   */
  static JsonObject ofAction(GameAction action, @Nullable Object payload, long turn) {
    return record(action.id(), action.at(), action.event())
        .put("payload", payload)
        .put("playerID", action.playerID())
        .put("turn", turn)
        .put("type", "event");
  }

  /** The record of an event that no player caused. */
  static JsonObject ofInternal(String actionID, long at, String event, long turn) {
    return record(actionID, at, event)
        .putNull("payload")
        .putNull("playerID")
        .put("turn", turn)
        .put("type", "internal");
  }

  private static JsonObject record(String actionID, long at, String event) {
    return new JsonObject().put("actionID", actionID).put("at", at).put("event", event);
  }

  static JsonObject evaluation(Candidate candidate, boolean matched) {
    return evaluation(candidate.label(), candidate.kind().target(), matched);
  }

  static JsonObject evaluation(String label, String target, boolean matched) {
    return new JsonObject()
        .put("from", TurnGameEngine.PLAY)
        .put("matched", matched)
        .put("rejectedBy", matched ? null : "resolver")
        .put("resolver", label)
        .put("to", target);
  }

  /**
   * @param label of the selected candidate
   * @param turn what it does to the turn
   * @param enqueued the event that it causes; null for none
   */
  static JsonObject transition(
      String event,
      String label,
      String turn,
      State before,
      State after,
      JsonArray evaluations,
      @Nullable String enqueued) {
    var evaluated =
        new JsonObject()
            .put("event", event)
            .put("from", before.node())
            .put("matchedTo", after.node())
            .put("outcome", "selected")
            .put("path", path(before))
            .put("transitions", evaluations);
    var events = new JsonArray();
    if (enqueued != null) {
      events.add(new JsonObject().put("kind", enqueued).putNull("payload"));
    }
    return new JsonObject()
        .put("enqueued", events)
        .put("event", event)
        .put("evaluations", JsonArray.of(evaluated))
        .put("from", before.node())
        .put("fromPath", path(before))
        .put("matchedFrom", before.node())
        .put("matchedFromPath", path(before))
        .put("resolver", label)
        .put("rng", draws(before.random(), after.random()))
        .put("to", after.node())
        .put("toPath", path(after))
        .put("turn", turn);
  }

  private static @Nullable JsonObject draws(SeededRandom before, SeededRandom after) {
    long drawn = after.draws() - before.draws();
    return drawn == 0
        ? null
        : JsonObject.of("before", before.state(), "after", after.state(), "draws", drawn);
  }

  static JsonArray path(State state) {
    return JsonArray.of(state.node());
  }
}
