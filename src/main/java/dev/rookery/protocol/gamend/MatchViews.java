package dev.rookery.protocol.gamend;

import dev.rookery.base.Position;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.EventEncoder;
import dev.rookery.match.MatchEvent;
import dev.rookery.match.ShownPayloads;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An action of a match for clients with a data channel, in two parts: what a player sees after it,
 * which may be lost, and its steps, which may not. A view is encoded once for all players who see
 * the same. Thread-safe; shared by all channels of the node.
 */
final class MatchViews {
  private final String topic;
  private final MatchEvent.Advanced event;
  private final ShownPayloads payloads;
  private final SeenMatch seen;
  private final Map<String, Push> byView = new ConcurrentHashMap<>(4);
  private @Nullable List<StreamPush> ownSteps;
  private @Nullable List<StreamPush> steps;

  MatchViews(String topic, MatchEvent.Advanced event, ShownPayloads payloads, Position position) {
    this.topic = topic;
    this.event = event;
    this.payloads = payloads;
    this.seen = new SeenMatch(position, event.revision(), event.steps().getLast().after());
  }

  /** Encodes the actions of a match; equal for all its channels. */
  record Encoder(String topic, ShownPayloads payloads) implements EventEncoder<MatchViews> {
    /** The event must be an {@link MatchEvent.Advanced}. */
    @Override
    public MatchViews encode(Delivery delivery) {
      return new MatchViews(
          topic, (MatchEvent.Advanced) delivery.posted().event(), payloads, delivery.position());
    }
  }

  SeenMatch seen() {
    return seen;
  }

  /** What the player sees after the action. */
  Push view(String player) {
    return byView.computeIfAbsent(
        MatchJson.view(seen.snapshot(), player), view -> seen.push(topic, view));
  }

  /**
   * The steps of the action for the player, without what is seen after them: the same for all but
   * the player who acted.
   */
  synchronized List<StreamPush> steps(String player) {
    if (player.equals(event.playerID())) {
      if (ownSteps == null) {
        ownSteps = encodeSteps(player);
      }
      return ownSteps;
    }
    if (steps == null) {
      steps = encodeSteps(player);
    }
    return steps;
  }

  private List<StreamPush> encodeSteps(String player) {
    String payload =
        MatchJson.advanced(event, player, payloads, (revision, _) -> "\"revision\":" + revision);
    var push = new Push(topic, "advanced", Payload.json(payload.getBytes(StandardCharsets.UTF_8)));
    return List.of(new StreamPush(push, seen.position()));
  }
}
